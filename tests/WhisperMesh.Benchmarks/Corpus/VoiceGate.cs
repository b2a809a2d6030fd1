namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>Finds where the voice starts and ends in a clean recording, by its energy.</summary>
internal static class VoiceGate
{
    // 10 ms.
    private const int Frame = 160;

    // 30 dB below the loudest frame: above the noise of these recordings, below their softest first sounds.
    private const double Loud = 0.001;

    /// <summary>Samples [Start, End) from the first loud frame to the last.</summary>
    public static (int Start, int End) Find(ReadOnlySpan<short> samples)
    {
        var energies = new double[(samples.Length + Frame - 1) / Frame];
        for (var i = 0; i < samples.Length; i++)
        {
            energies[i / Frame] += (double)samples[i] * samples[i];
        }
        var limit = energies.Max() * Loud;
        var first = Array.FindIndex(energies, energy => energy > limit);
        var last = Array.FindLastIndex(energies, energy => energy > limit);
        return first < 0 ? (0, samples.Length) : (first * Frame, Math.Min((last + 1) * Frame, samples.Length));
    }
}
