namespace WhisperMesh.Router.Workers.Load;

/// <summary>
/// Usual latencies by the length of the audio: a long file is worked off many times faster than a short prompt, since its windows fill
/// the batch, so neither tells how long the other takes.
/// </summary>
internal sealed class LatencyCurves
{
    // Up to 4 s, 16 s, 64 s … 4096 s, and above.
    private const int Lengths = 7;

    private readonly LatencyCurve[] _curves = [.. Enumerable.Range(0, Lengths).Select(_ => new LatencyCurve())];

    /// <summary>The curve of audio of this length.</summary>
    public LatencyCurve Of(double audioSeconds) =>
        _curves[Math.Clamp((int)Math.Ceiling(Math.Log(Math.Max(1, audioSeconds), 4)) - 1, 0, Lengths - 1)];
}
