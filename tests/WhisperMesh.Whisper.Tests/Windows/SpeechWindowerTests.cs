using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests.Windows;

/// <summary>The samples are their own places on the stream, so that each can be found again.</summary>
public sealed class SpeechWindowerTests
{
    private const int Second = 16_000;
    private const int MaxSamples = 18 * Second;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(18);

    [Fact]
    public void Add_MinuteWithoutPause_IsCutWithoutLossOrRepetition()
    {
        var windows = Run([new SpeechSpan(0, 60 * Second)], 60 * Second, Second, out _);

        windows.Count.ShouldBeGreaterThanOrEqualTo(4);
        windows.ShouldAllBe(window => window.Samples.Length <= MaxSamples);
        windows.SelectMany(window => window.Samples).ShouldBe(Enumerable.Range(0, 60 * Second).Select(place => (float)place));
    }

    [Fact]
    public void Add_LongPause_GivesTheWindowWithoutWaitingForMore()
    {
        var windower = new SpeechWindower(
            new ScriptedFinder([new SpeechSpan(Second, 2 * Second), new SpeechSpan(90 * Second, 91 * Second)]), Window);

        var given = Enumerable.Range(0, 10).SelectMany(_ => windower.Add(new float[Second])).ToList();

        given.ShouldHaveSingleItem().StreamEnd.ShouldBeInRange(2 * Second, 3 * Second);
        // Speech that is found next may take half a second of the silence before it.
        windower.Settled.ShouldBe(windower.Received - Second / 2);
    }

    [Theory]
    [InlineData(0, 3 * Second)]
    [InlineData(100, 3 * Second - 1600)]
    [InlineData(2000, Second)]
    public void Add_Prefix_IsHeardBeforeSpeech(int milliseconds, int start)
    {
        var windower = new SpeechWindower(
            new ScriptedFinder([new SpeechSpan(3 * Second, 4 * Second)]), Window, TimeSpan.FromMilliseconds(milliseconds));

        var windows = windower.Add([.. Enumerable.Range(0, 6 * Second).Select(place => (float)place)]).Concat(windower.Complete());

        var window = windows.ShouldHaveSingleItem();
        ((int)window.Samples[0], window.StreamStart).ShouldBe((start, start));
        window.StreamEnd.ShouldBe(4 * Second + Second / 2);
    }

    [Fact]
    public void Add_AnySpeech_ComesOutOnceInOrderWithItsPlaces() => Prop.ForAll(
        Gen.Choose(100, 40_000).Two().NonEmptyListOf().ToArbitrary(), Gen.Choose(100, 40_000).ToArbitrary(), (parts, block) =>
        {
            var (spans, at) = (new List<SpeechSpan>(), 0);
            foreach (var (pause, speech) in parts)
            {
                // Thousandths of a second would make the streams too long for many tries; speech up to 40 s, pauses up to 7 s.
                spans.Add(new SpeechSpan(at + 3 * pause, at + 3 * pause + 16 * speech));
                at += 3 * pause + 16 * speech;
            }
            var windows = Run(spans, at, block, out var windower);
            var places = windows.SelectMany(window => window.Samples).ToList();
            return windows.All(window => window.Samples.Length <= MaxSamples && KnowsItsPlaces(window))
                && places.Zip(places.Skip(1)).All(pair => pair.First < pair.Second)
                && spans.Sum(span => span.Length) == windower.SpeechSamples
                && places.Count(place => spans.Any(span => span.Start <= place && place < span.End)) == windower.SpeechSamples;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15).WithEndSize(12));

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(10)]
    public void Add_TwoHours_HoldsAMinuteAtMost(int speechOfTenSeconds)
    {
        var spans = Enumerable.Range(0, 720)
            .Select(i => new SpeechSpan(i * 10L * Second, (i * 10L + speechOfTenSeconds) * Second))
            .Where(span => span.Length > 0);
        var windower = new SpeechWindower(new ScriptedFinder(spans), Window);
        var block = new float[Second];
        var most = 0;

        for (var i = 0; i < 7_200; i++)
        {
            windower.Add(block);
            most = Math.Max(most, windower.HeldSamples);
        }

        most.ShouldBeLessThanOrEqualTo(60 * Second);
        (windower.Received - windower.Settled).ShouldBeLessThanOrEqualTo(30 * Second);
    }

    private static List<SpeechWindow> Run(IEnumerable<SpeechSpan> spans, int length, int block, out SpeechWindower windower)
    {
        windower = new SpeechWindower(new ScriptedFinder(spans), Window);
        var windows = new List<SpeechWindow>();
        for (var at = 0; at < length; at += block)
        {
            float[] samples = [.. Enumerable.Range(at, Math.Min(block, length - at)).Select(place => (float)place)];
            windows.AddRange(windower.Add(samples));
        }
        windows.AddRange(windower.Complete());
        return windows;
    }

    private static bool KnowsItsPlaces(SpeechWindow window)
    {
        foreach (var at in new[] { 0, window.Samples.Length / 3, window.Samples.Length - 1 })
        {
            if (window.StreamStartOf((double)at / Second) != (long)window.Samples[at])
            {
                return false;
            }
        }
        return window.StreamEndOf(window.Seconds) == window.StreamEnd;
    }
}
