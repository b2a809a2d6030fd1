using System.Buffers.Binary;
using System.Text;
using Grpc.Core;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the mesh answers to input that is wrong, over both protocols.</summary>
[Collection(StandardMesh.Collection)]
public sealed class BadInputTests(StandardMesh standard)
{
    private static readonly byte[] Good = File.ReadAllBytes(Recordings.Named("en-conf-onlyone.wav").Path);

    public static TheoryData<string> BadAudio => ["text", "cut header", "0 Hz", "0 channels", "200 channels", "empty"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(BadAudio))]
    public async Task Http_BadAudio_Is400ThatNamesTheFile(string kind)
    {
        using var form = HttpApi.Form(Audio(kind), "a.wav", ("model", "whisper-1"));

        using var response = await standard.Mesh.TranscribeAsync(form);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.ErrorAsync()).GetProperty("param").GetString().ShouldBe("file");
    }

    [Theory]
    [MemberData(nameof(BadAudio))]
    public async Task Grpc_BadAudio_IsInvalidArgumentOfTheAudio(string kind)
    {
        var exception = await Should.ThrowAsync<WhisperMeshException>(() => TranscribeAsync(new(), Audio(kind)));

        exception.Status.ShouldBe(StatusCode.InvalidArgument, exception.Message);
        exception.Field.ShouldBe("audio");
    }

    [Theory]
    [InlineData("model", "whisper-99", 404)]
    [InlineData("language", "tlh", 400)]
    [InlineData("temperature", "3", 400)]
    [InlineData("temperature", "warm", 400)]
    [InlineData("response_format", "docx", 400)]
    [InlineData("stream", "perhaps", 400)]
    [InlineData("timestamp_granularities[]", "syllable", 400)]
    [InlineData("colour", "blue", 400)]
    public async Task Http_BadField_IsAnErrorThatNamesIt(string field, string value, int status)
    {
        (string, string)[] fields = field == "model" ? [(field, value)] : [("model", "whisper-1"), (field, value)];
        using var form = HttpApi.Form(Good, "a.wav", fields);

        using var response = await standard.Mesh.TranscribeAsync(form);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.ErrorAsync()).GetProperty("param").GetString()!.TrimEnd('[', ']').ShouldBe(field.TrimEnd('[', ']'));
    }

    [Fact]
    public async Task Http_NoFileAndNoBody_Are400()
    {
        using var form = new MultipartFormDataContent { { new StringContent("whisper-1"), "model" } };
        using var noFile = await standard.Mesh.TranscribeAsync(form);
        using var empty = await standard.Mesh.TranscribeAsync(new ByteArrayContent([]));

        ((int)noFile.StatusCode).ShouldBe(400);
        (await noFile.ErrorAsync()).GetProperty("param").GetString().ShouldBe("file");
        ((int)empty.StatusCode).ShouldBeInRange(400, 415);
        await empty.ErrorAsync();
    }

    [Theory]
    [InlineData("model", StatusCode.NotFound)]
    [InlineData("language_code", StatusCode.InvalidArgument)]
    [InlineData("temperature", StatusCode.InvalidArgument)]
    [InlineData("audio_format.sample_rate_hz", StatusCode.InvalidArgument)]
    public async Task Grpc_BadField_HasAViolationOfIt(string field, StatusCode status)
    {
        var config = field switch
        {
            "model" => new TranscriptionConfig { Model = "whisper-99" },
            "language_code" => new TranscriptionConfig { LanguageCode = "tlh" },
            "temperature" => new TranscriptionConfig { Temperature = 3 },
            _ => new TranscriptionConfig { AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 10, ChannelCount = 1 } },
        };

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => TranscribeAsync(config, Good));

        exception.Status.ShouldBe(status, exception.Message);
        exception.Field.ShouldBe(field);
    }

    [Theory]
    [InlineData("speed", 400)]
    [InlineData("voice", 404)]
    [InlineData("model", 404)]
    [InlineData("input", 400)]
    [InlineData("response_format", 400)]
    public async Task Http_BadSpeechRequest_IsAnErrorThatNamesTheField(string field, int status)
    {
        var request = new Dictionary<string, object> { ["model"] = "tts-1", ["voice"] = "alloy", ["input"] = "Hello." };
        request[field] = field switch { "speed" => 9, "input" => new string('a', 5000), _ => "nothing-such" };

        using var response = await standard.Mesh.SpeakAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.ErrorAsync()).GetProperty("param").GetString().ShouldBe(field);
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("noise")]
    [InlineData("one sample")]
    public async Task Http_NothingSaid_IsAnEmptyTranscript(string kind) =>
        (await standard.Mesh.TextOfAsync(Audio(kind), "a.wav")).ShouldBeEmpty();

    [Fact]
    public async Task Http_WavCutMidData_IsHeardAsFarAsItGoes() =>
        (await standard.Mesh.TextOfAsync(Good[..^30_001], "a.wav")).ToLowerInvariant().ShouldContain("there is currently");

    private static byte[] Audio(string kind) => kind switch
    {
        "text" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("This is no audio at all.\n", 100))),
        "cut header" => Good[..30],
        "0 Hz" => Header(Good, rate: 0, channels: 1),
        "0 channels" => Header(Good, rate: 16000, channels: 0),
        "200 channels" => Header(Good, rate: 16000, channels: 200),
        "empty" => [],
        "silence" => Samples(48_000, _ => 0),
        "noise" => Samples(48_000, random => random.Next(-8000, 8000)),
        _ => Samples(1, _ => 100),
    };

    private static byte[] Header(byte[] wav, uint rate, ushort channels)
    {
        var copy = (byte[])wav.Clone();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(22), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(24), rate);
        return copy;
    }

    private static byte[] Samples(int count, Func<Random, int> sample)
    {
        var random = new Random(7);
        var wav = new byte[44 + (2 * count)];
        Good.AsSpan(0, 44).CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - 44);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (2 * i)), (short)sample(random));
        }

        return wav;
    }

    private Task<Transcript> TranscribeAsync(TranscriptionConfig config, byte[] audio) => standard.Mesh.Client
        .TranscribeAsync(new MemoryStream(audio), config, Token)
        .ToTranscriptAsync(cancellationToken: Token);
}
