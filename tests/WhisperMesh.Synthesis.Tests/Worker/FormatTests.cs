using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class FormatTests(RunningWorker worker)
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog.";

    [Theory]
    [InlineData(AudioEncoding.Unspecified, 0, AudioEncoding.Wav, 22_050)]
    [InlineData(AudioEncoding.Wav, 16_000, AudioEncoding.Wav, 16_000)]
    [InlineData(AudioEncoding.PcmS16Le, 24_000, AudioEncoding.PcmS16Le, 24_000)]
    [InlineData(AudioEncoding.Mp3, 0, AudioEncoding.Mp3, 22_050)]
    [InlineData(AudioEncoding.Opus, 0, AudioEncoding.Opus, 24_000)]
    [InlineData(AudioEncoding.Flac, 0, AudioEncoding.Flac, 22_050)]
    [InlineData(AudioEncoding.Aac, 0, AudioEncoding.Aac, 22_050)]
    public async Task Synthesize_Format_DecodesToTheSpeech(AudioEncoding asked, int rate, AudioEncoding given, int givenRate)
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest
        {
            Text = Sentence,
            AudioFormat = new AudioFormat { Encoding = asked, SampleRateHz = rate },
        });

        spoken.Started.AudioFormat.ShouldBe(new AudioFormat { Encoding = given, SampleRateHz = givenRate, ChannelCount = 1 });
        var duration = await spoken.DecodedDurationAsync();
        var said = spoken.Summary.AudioDuration.ToTimeSpan();
        said.TotalSeconds.ShouldBeInRange(1.5, 5);
        // Lossy encoders add the padding of a frame or two.
        duration.TotalSeconds.ShouldBe(said.TotalSeconds, 0.15);
    }
}
