namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>Makes long files out of the short recordings.</summary>
internal static class LongClip
{
    private const double MinPauseSeconds = 0.3;
    private const double MaxPauseSeconds = 2;

    /// <summary>
    /// A file of at least the length asked for: the recordings of each language in turn, as one block of equal length, shuffled anew
    /// each time they have all been used.
    /// </summary>
    public static Clip Make(string path, TimeSpan length, IReadOnlyList<string> languages, int seed)
    {
        var splicer = new Splicer(seed);
        for (var block = 1; block <= languages.Count; block++)
        {
            Fill(splicer, Recordings.In([languages[block - 1]]), length * block / languages.Count);
        }
        return splicer.Save(path, languages.Count == 1 ? languages[0] : null);
    }

    private static void Fill(Splicer splicer, IReadOnlyList<Clip> recordings, TimeSpan until)
    {
        while (splicer.Duration < until)
        {
            foreach (var clip in splicer.Shuffle(recordings).TakeWhile(_ => splicer.Duration < until))
            {
                splicer.Add(clip);
                splicer.AddPause(MinPauseSeconds, MaxPauseSeconds);
            }
        }
    }
}
