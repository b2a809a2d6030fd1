using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Admission;

/// <summary>How requests are refused: 429 where the caller's own requests are too many, 503 where all callers' are.</summary>
internal static class AdmissionErrors
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static MeshException OwnShareFull(TimeSpan drain) => MeshException.ResourceExhausted(
        ErrorReasons.QueueFull, "Your own requests fill your share of the queue. Try again later.", RetryAfter(drain));

    public static MeshException QueueFull(TimeSpan drain) => MeshException.Unavailable(
        ErrorReasons.Overloaded, "The mesh is overloaded: its queue is full. Try again later.", RetryAfter(drain));

    public static MeshException TooLate(TimeSpan predicted, TimeSpan drain) => MeshException.Unavailable(
        ErrorReasons.Overloaded,
        $"The mesh is overloaded: the request would end in about {predicted.TotalSeconds:0.#} s, after its deadline. Try again later.",
        RetryAfter(drain));

    public static MeshException TooLong(TimeSpan predicted, TimeSpan drain) => MeshException.Unavailable(
        ErrorReasons.Overloaded,
        $"The mesh is overloaded: the request would wait for about {predicted.TotalSeconds:0} s. Try again later.",
        RetryAfter(drain));

    // Whole seconds, as the header has it, and never less than what was predicted.
    private static TimeSpan RetryAfter(TimeSpan drain) =>
        TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(drain.TotalSeconds, Shortest.TotalSeconds, Longest.TotalSeconds)));
}
