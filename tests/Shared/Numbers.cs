namespace WhisperMesh.Tests.Shared;

/// <summary>How much the tests of faults ask for: little in each run, the full numbers where <c>.ci/soak faults</c> runs them.</summary>
internal static class Numbers
{
    /// <summary>Whether the full numbers are asked for, on a machine that does nothing else.</summary>
    public static bool AreFull { get; } = Environment.GetEnvironmentVariable("WHISPERMESH_FULL_FAULTS") == "1";

    public static T Of<T>(T usual, T full) => AreFull ? full : usual;
}
