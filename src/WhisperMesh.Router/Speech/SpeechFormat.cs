using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Speech;

/// <summary>A value of <c>response_format</c>, what a worker is asked for, and the content type of the reply.</summary>
internal sealed record SpeechFormat(string Name, AudioEncoding Encoding, int SampleRateHz, string ContentType)
{
    public const string Default = "mp3";

    // OpenAI's raw PCM is 24 kHz, whatever the voice; files carry their own rate.
    private const int PcmSampleRateHz = 24_000;

    public static IReadOnlyDictionary<string, SpeechFormat> All { get; } = new SpeechFormat[]
    {
        new("mp3", AudioEncoding.Mp3, 0, "audio/mpeg"),
        new("opus", AudioEncoding.Opus, 0, "audio/ogg"),
        new("aac", AudioEncoding.Aac, 0, "audio/aac"),
        new("flac", AudioEncoding.Flac, 0, "audio/flac"),
        new("wav", AudioEncoding.Wav, 0, "audio/wav"),
        new("pcm", AudioEncoding.PcmS16Le, PcmSampleRateHz, "audio/pcm"),
    }.ToDictionary(format => format.Name);

    public AudioFormat ToAudioFormat() => new() { Encoding = Encoding, SampleRateHz = SampleRateHz, ChannelCount = 1 };
}
