namespace WhisperMesh.Cli;

/// <summary>What the process says to scripts.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>The server, or a file, failed.</summary>
    internal const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    internal const int Usage = 2;

    /// <summary>No connection to the server was made.</summary>
    internal const int Unreachable = 3;

    /// <summary>Ctrl+C or a termination signal; what shells use for the former.</summary>
    internal const int Cancelled = 130;

    internal const string Help = "Exit codes: 0 done, 1 the server or a file failed, 2 wrong usage, 3 the server cannot be reached, 130 cancelled.";
}
