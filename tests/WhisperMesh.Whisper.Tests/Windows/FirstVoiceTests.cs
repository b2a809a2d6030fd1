using WhisperMesh.Audio;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests.Windows;

public sealed class FirstVoiceTests
{
    private const int Second = 16_000;

    [Fact]
    public void Add_SpeechThatGoesOn_IsEnoughBeforeItEnds()
    {
        var voice = new FirstVoice(new ScriptedFinder([new SpeechSpan(5 * Second, 60 * Second)]));

        voice.Add(new float[7 * Second]);
        voice.IsEnough.ShouldBeFalse();
        voice.Add(new float[Second]);

        voice.IsEnough.ShouldBeTrue();
        var window = voice.Complete(ended: false).ShouldNotBeNull();
        window.VoicedSeconds.ShouldBe(2.5, 0.001);
        window.StreamStart.ShouldBe(5 * Second - Second / 5);
    }

    [Fact]
    public void Add_PhrasesWithPauses_CountTheirVoiceOnly()
    {
        var spans = Enumerable.Range(0, 10).Select(i => new SpeechSpan(i * 10 * Second, (i * 10 + 1) * Second));
        var voice = new FirstVoice(new ScriptedFinder(spans));

        voice.Add(new float[12 * Second]);
        voice.IsEnough.ShouldBeFalse();
        voice.Add(new float[10 * Second]);

        voice.IsEnough.ShouldBeTrue();
        var window = voice.Complete(ended: false).ShouldNotBeNull();
        window.VoicedSeconds.ShouldBe(2.5, 0.001);
        window.Seconds.ShouldBeLessThan(4);
    }

    [Fact]
    public void Complete_ShortSpeechOnly_GivesWhatThereIs()
    {
        var voice = new FirstVoice(new ScriptedFinder([new SpeechSpan(Second, Second + 8_000)]));

        voice.Add(new float[2 * Second]);

        voice.Complete(ended: true).ShouldNotBeNull().VoicedSeconds.ShouldBe(0.5, 0.001);
    }

    [Fact]
    public void Complete_NoSpeech_GivesNone()
    {
        var voice = new FirstVoice(new ScriptedFinder([]));

        voice.Add(new float[2 * Second]);

        voice.Complete(ended: true).ShouldBeNull();
    }

    [Fact]
    public void Add_AnHourOfSilence_IsNotKept()
    {
        var voice = new FirstVoice(new ScriptedFinder([]));
        var second = new float[Second];
        for (var i = 0; i < 3600; i++)
        {
            voice.Add(second);
        }

        voice.HeldSamples.ShouldBeLessThan(4 * Second);
    }
}
