using System.Runtime.InteropServices;
using WhisperMesh.Benchmarks.Corpus;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>Recordings of one language joined with pauses, as somebody speaks who thinks in between. 16 kHz, mono, 16 bit.</summary>
/// <param name="Audio">The samples' bytes.</param>
/// <param name="Parts">What is said where.</param>
internal sealed record Talk(ReadOnlyMemory<byte> Audio, IReadOnlyList<SplicedClip> Parts)
{
    public const int BytesPerSecond = 2 * WavFile.SampleRateHz;

    private const double MinPauseSeconds = 0.5;
    private const double MaxPauseSeconds = 2;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)Audio.Length / BytesPerSecond);

    public string Text => string.Join(' ', Parts.Select(part => part.Clip.Text));

    /// <summary>A talk of about this length: the recordings, shuffled anew each time they have all been used.</summary>
    public static Talk Make(string language, TimeSpan length, int seed)
    {
        var splicer = new Splicer(seed);
        var clips = Recordings.In([language]);
        while (splicer.Duration < length)
        {
            foreach (var clip in splicer.Shuffle(clips).TakeWhile(_ => splicer.Duration < length))
            {
                splicer.Add(clip);
                splicer.AddPause(MinPauseSeconds, MaxPauseSeconds);
            }
        }

        return new Talk(MemoryMarshal.AsBytes(splicer.Samples).ToArray(), [.. splicer.Parts]);
    }
}
