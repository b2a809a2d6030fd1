using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Languages;

/// <summary>Detection as callers ask for it, over both APIs.</summary>
public sealed class DetectLanguageApiTests : ApiTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Http_File_GivesTheLanguages()
    {
        Worker.Speech.Hears("de", 0.75f);

        using var response = await PostAsync("languages", Forms.Of(("languages[]", "de"), ("languages[]", "en"), ("model", "whisper-1")));

        var body = JsonDocument.Parse(await BodyAsync(response)).RootElement;
        body.GetProperty("languages").EnumerateArray()
            .Select(entry => (entry.GetProperty("code").GetString(), entry.GetProperty("probability").GetDouble()))
            .ShouldBe([("de", 0.75), ("xx", 0.25)]);
        body.GetProperty("speech_seconds").GetDouble().ShouldBe(2.5);
        body.GetProperty("model").GetString().ShouldBe("whisper-base");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["one"]);
        Worker.Speech.Detections.ShouldHaveSingleItem().LanguageCodes.ShouldBe(["de", "en"]);
    }

    [Theory]
    [InlineData("language", "en")]
    [InlineData("prompt", "Hello")]
    [InlineData("stream", "true")]
    public async Task Http_FieldOfTranscription_IsRefusedByName(string name, string value)
    {
        using var response = await PostAsync("languages", Forms.Of((name, value)));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, name, "unknown_parameter");
    }

    [Fact]
    public async Task Http_NoFile_Is400()
    {
        using var response = await PostAsync("languages", Forms.WithFile(null, ("model", "whisper-1")));

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "file", "missing_required_parameter");
    }

    [Fact]
    public async Task Http_NobodyDetects_Is400()
    {
        Router.Directory.Workers = [Leases.Transcription("one", Worker.Address, features: "transcribe")];

        using var response = await PostAsync("languages", Forms.Of());

        await ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "model");
    }

    [Fact]
    public async Task Grpc_StreamThatNeverEnds_IsAnsweredInItsMiddle()
    {
        Worker.Speech.Hears("ja", 0.5f);
        using var call = Router.Transcription.DetectLanguage(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { RequestId = "d1" } }, Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(new byte[100]) }, Token);

        var reply = await call.ResponseAsync.Bounded();

        (reply.Languages[0].LanguageCode, reply.WorkerId).ShouldBe(("ja", "one"));
        (await call.ResponseHeadersAsync).GetValue("x-request-id").ShouldBe("d1");
    }

    [Fact]
    public async Task Grpc_LanguageGiven_IsRefusedByName()
    {
        using var call = Router.Transcription.DetectLanguage(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { LanguageCode = "en" } }, Token);

        var error = RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(call.ResponseAsync.Bounded()));

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "language_code"));
    }

    [Fact]
    public async Task Grpc_CallerGone_EndsTheDetection()
    {
        Worker.Speech.OnDetect = async fake =>
        {
            await fake.HangAsync();
            return new DetectLanguageResponse();
        };
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = Router.Transcription.DetectLanguage(cancellationToken: gone.Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await Bounds.UntilAsync(() => !Worker.Speech.Detections.IsEmpty);

        await gone.CancelAsync();

        await Worker.Speech.Cancelled.Task.Bounded();
    }
}
