namespace WhisperMesh.Whisper.Tests.Alignment;

/// <summary>
/// Where sound begins and ends in a recording: 35 dB below its loudest 10 ms, pauses of at least 150 ms. The recordings are clean, so
/// that at each such place a word begins or ends.
/// </summary>
internal static class KnownPlaces
{
    private const int Frame = 160;
    private const float Loud = 0.0003f;
    private const int Pause = 15;
    private const int Click = 3;

    public static List<(double Start, double End)> Sounds(float[] samples)
    {
        float[] energy = [.. samples.Chunk(Frame).Select(frame => frame.Sum(sample => sample * sample))];
        var limit = energy.Max() * Loud;
        var sounds = new List<(int Start, int End)>();
        for (var i = 0; i < energy.Length; i++)
        {
            if (energy[i] <= limit)
            {
                continue;
            }
            if (sounds.Count > 0 && i - sounds[^1].End < Pause)
            {
                sounds[^1] = (sounds[^1].Start, i + 1);
            }
            else
            {
                sounds.Add((i, i + 1));
            }
        }
        return [.. sounds.Where(sound => sound.End - sound.Start > Click).Select(sound => (sound.Start / 100.0, sound.End / 100.0))];
    }

    /// <summary>How far the words at those places are off, starts and ends, in seconds.</summary>
    public static IEnumerable<double> Errors(List<(double Start, double End)> sounds, IReadOnlyList<TranscriptWord> words)
    {
        yield return Start(words[0]) - sounds[0].Start;
        yield return End(words[^1]) - sounds[^1].End;
        foreach (var (before, after) in sounds.Zip(sounds.Skip(1)))
        {
            var middle = (before.End + after.Start) / 2;
            var (last, first) = words.Zip(words.Skip(1)).MinBy(pair => Math.Abs((End(pair.First) + Start(pair.Second)) / 2 - middle));
            yield return End(last) - before.End;
            yield return Start(first) - after.Start;
        }
    }

    private static double Start(TranscriptWord word) => word.Start.TotalSeconds;

    private static double End(TranscriptWord word) => (word.Start + word.Duration).TotalSeconds;
}
