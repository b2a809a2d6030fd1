namespace WhisperMesh.Transcription.Models;

/// <summary>How long a model that failed to load is left alone: twice as long each time.</summary>
internal static class RetryPause
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static TimeSpan After(int failures)
    {
        var pause = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return pause < Longest ? pause : Longest;
    }
}
