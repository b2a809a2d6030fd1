using Grpc.Core;
using Nvidia.Riva;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using OurEncoding = WhisperMesh.Speech.V1.AudioEncoding;
using TheirEncoding = Nvidia.Riva.AudioEncoding;

namespace WhisperMesh.Router.Tests.Riva;

public sealed class StreamingRecognizeTests : RivaTest
{
    [Fact]
    public async Task StreamingRecognize_EveryFieldThatMaps_ReachesTheSession()
    {
        using var call = Open();
        await WriteAsync(call, new StreamingRecognizeRequest
        {
            Id = new RequestId { Value = "riva.1" },
            StreamingConfig = new StreamingRecognitionConfig
            {
                InterimResults = true,
                Config = new RecognitionConfig
                {
                    Encoding = TheirEncoding.Mulaw,
                    SampleRateHertz = 8000,
                    AudioChannelCount = 2,
                    LanguageCode = "de-CH",
                    Model = "whisper-base",
                    MaxAlternatives = 1,
                    EnableWordTimeOffsets = true,
                    SpeechContexts =
                    {
                        new SpeechContext { Phrases = { "later" }, Boost = 1 },
                        new SpeechContext { Phrases = { "first", "second" }, Boost = 15 },
                    },
                    EndpointingConfig = new EndpointingConfig { StopHistory = 600 },
                },
            },
        });

        var session = await Sessions.NextAsync();
        session.Config.ShouldBe(new LiveConfig
        {
            RequestId = "riva.1",
            Model = "whisper-base",
            LanguageCode = "de-CH",
            Keywords = { "first", "second", "later" },
            AudioFormat = new AudioFormat { Encoding = OurEncoding.Mulaw, SampleRateHz = 8000, ChannelCount = 2 },
            Endpointing = new Endpointing { PauseDuration = new() { Nanos = 600_000_000 } },
        });
        var headers = await call.ResponseHeadersAsync.Bounded();
        headers.GetValue("x-request-id").ShouldBe("riva.1");
        var warnings = headers.GetValue("x-whispermesh-warnings").ShouldNotBeNull();
        warnings.ShouldContain("enable_automatic_punctuation");
        warnings.ShouldContain("boost");
        warnings.ShouldContain("audio_channel_count");
    }

    [Fact]
    public async Task StreamingRecognize_Speech_BecomesInterimAndFinalResults()
    {
        var config = Samples;
        config.EnableWordTimeOffsets = true;
        using var call = Open();
        var first = Configuration(config, interim: true);
        first.Id = new RequestId { Value = "mine" };
        await WriteAsync(call, first, Audio(new byte[3200]));
        var session = await Sessions.NextAsync();
        (await session.HearAsync(3200)).Length.ShouldBe(3200);

        session.Tell(
            LiveMessages.Began(0, 1),
            LiveMessages.Heard(0, 1, "Hello", 0.25f),
            LiveMessages.Heard(0, 1, " word", 0.5f, " Hello"),
            LiveMessages.Ended(0, 1, 2, "Hello world."),
            LiveMessages.Ended(1, 3, 4, ""));
        await call.RequestStream.CompleteAsync();
        await session.Completed;
        session.End();

        var results = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().Bounded();
        results.ShouldAllBe(response => response.Id.Value == "mine");
        results.Select(response => response.Results.Select(Told)).ShouldBe(
        [
            [("Hello", false, 0.25f)],
            [("Hello", false, 1f), (" word", false, 0.5f)],
            [("Hello world.", true, 0f)],
        ]);
        var final = results[^1].Results[0];
        final.AudioProcessed.ShouldBe(2f);
        final.ChannelTag.ShouldBe(1);
        var alternative = final.Alternatives.ShouldHaveSingleItem();
        alternative.Confidence.ShouldBe(0.75f);
        alternative.LanguageCode.ShouldBe(["en"]);
        alternative.Words.Select(word => (word.Word, word.StartTime, word.EndTime)).ShouldBe([("Hello", 1000, 1500), ("world.", 1500, 2000)]);
        await session.Abandoned;

        static (string, bool, float) Told(StreamingRecognitionResult result) =>
            (result.Alternatives.Single().Transcript, result.IsFinal, result.Stability);
    }

    [Fact]
    public async Task StreamingRecognize_WithoutInterimResultsAndTimes_GivesFinalsWithoutWords()
    {
        using var call = Open();
        await WriteAsync(call, Configuration(Samples));
        var session = await Sessions.NextAsync();
        session.Config.OmitTentative.ShouldBeTrue();

        session.Tell(LiveMessages.Heard(0, 1, " Hello"), LiveMessages.Ended(0, 1, 2, "Hello."));

        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Bounded()).ShouldBeTrue();
        var result = call.ResponseStream.Current.Results.ShouldHaveSingleItem();
        result.IsFinal.ShouldBeTrue();
        result.Alternatives.Single().Words.ShouldBeEmpty();
    }

    [Fact]
    public async Task StreamingRecognize_ALargeMessage_ReachesTheSessionInPieces()
    {
        var audio = new byte[200_001];
        Random.Shared.NextBytes(audio);
        using var call = Open();
        await WriteAsync(call, Configuration(Samples), Audio(audio));

        var heard = await (await Sessions.NextAsync()).HearAsync(audio.Length);

        heard.ShouldBe(audio);
    }

    [Fact]
    public async Task StreamingRecognize_Cancelled_GivesTheSessionUp()
    {
        using var call = Open();
        await WriteAsync(call, Configuration(Samples));
        var session = await Sessions.NextAsync();

        call.Dispose();

        await session.Abandoned;
        await Bounds.UntilAsync(() => session.IsDisposed);
    }

    [Fact]
    public async Task StreamingRecognize_SessionFails_TellsWhyInRivasNames()
    {
        using var call = Open();
        await WriteAsync(call, Configuration(Samples));
        var session = await Sessions.NextAsync();

        session.Fail(MeshException.InvalidArgument("language_code", "The model does not know it.", ErrorReasons.LanguageNotSupported));

        var error = await ErrorAsync(call);
        (error.StatusCode, error.Field, error.Reason).ShouldBe(
            (StatusCode.InvalidArgument, "streaming_config.config.language_code", ErrorReasons.LanguageNotSupported));
        await session.Abandoned;
    }

    [Fact]
    public async Task StreamingRecognize_NoPlace_SaysWhenToTryAgain()
    {
        Sessions.Refusal = MeshException.ResourceExhausted(ErrorReasons.QueueFull, "No place.", TimeSpan.FromSeconds(3));
        using var call = Open();
        await WriteAsync(call, Configuration(Samples));

        var error = await ErrorAsync(call);

        (error.StatusCode, error.RetryAfter).ShouldBe((StatusCode.ResourceExhausted, TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task StreamingRecognize_SecondConfig_EndsTheCall()
    {
        using var call = Open();
        await WriteAsync(call, Configuration(Samples), Configuration(Samples));

        var error = await ErrorAsync(call);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.FailedPrecondition, "streaming_config"));
        await (await Sessions.NextAsync()).Abandoned;
    }

    [Fact]
    public async Task StreamingRecognize_AudioBeforeConfig_IsRefused()
    {
        using var call = Open();
        await WriteAsync(call, Audio([1, 2]));

        (await ErrorAsync(call)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        Sessions.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task StreamingRecognize_WavHeader_IsRefused()
    {
        using var call = Open();
        await WriteAsync(call, Configuration(Samples), Audio(Forms.Wav));

        var error = await ErrorAsync(call);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "audio_content"));
    }
}
