using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests;

[Collection(RunningWorker.Collection)]
public sealed class DetectLanguageTests(RunningWorker worker)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-demo-nogo", "en")]
    [InlineData("es-both_help", "es")]
    [InlineData("fr-confbridge-mute-extended", "fr")]
    [InlineData("it-demo-abouttotry", "it")]
    [InlineData("ru-both_help", "ru")]
    public async Task DetectLanguage_Recording_NamesItFirst(string name, string language)
    {
        var reply = await DetectAsync(new TranscriptionConfig(), RunningWorker.Recording(name));

        reply.Languages.Count.ShouldBe(5);
        reply.Languages[0].LanguageCode.ShouldBe(language);
        reply.Languages.Select(entry => entry.Probability).ShouldBeInOrder(SortDirection.Descending);
        reply.SpeechDuration.ToTimeSpan().ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        (reply.Model, reply.WorkerId).ShouldBe(("whisper-base", reply.WorkerId));
        reply.WorkerId.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task DetectLanguage_AllowedSet_StaysInItAndSumsToOne()
    {
        var config = new TranscriptionConfig { LanguageCodes = { "ru", "en-GB" } };

        var reply = await DetectAsync(config, RunningWorker.Recording("es-both_help"));

        reply.Languages.Select(entry => entry.LanguageCode).Order().ShouldBe(["en", "ru"]);
        reply.Languages.Sum(entry => entry.Probability).ShouldBe(1, 0.001);
    }

    [Fact]
    public async Task DetectLanguage_VoiceFarInTheStream_IsFoundByVoiceAndNotByPlace()
    {
        // Half a minute of silence before the speech.
        var reply = await DetectAsync(Pcm(), [.. new byte[30 * 32_000], .. Samples("es-ss-noservice")]);

        reply.Languages[0].LanguageCode.ShouldBe("es");
    }

    [Fact]
    public async Task DetectLanguage_ShortWord_IsJudgedByWhatThereIs()
    {
        var reply = await DetectAsync(Pcm(), Samples("en-sorry")[..32_000]);

        reply.Languages[0].LanguageCode.ShouldBe("en");
        reply.SpeechDuration.ToTimeSpan().ShouldBeInRange(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task DetectLanguage_NobodySpeaks_GivesNone()
    {
        var reply = await DetectAsync(Pcm(), new byte[96_000]);

        reply.Languages.ShouldBeEmpty();
        reply.SpeechDuration.ToTimeSpan().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task DetectLanguage_StreamThatNeverEnds_AnswersAllTheSame()
    {
        using var call = worker.Client.DetectLanguage(cancellationToken: Token);
        await call.RequestStream.WriteAsync(RunningWorker.Config(Pcm()), Token);
        foreach (var chunk in Samples("es-both_help")[..160_000].Chunk(32_000))
        {
            await call.RequestStream.WriteAsync(RunningWorker.Audio(chunk), Token);
        }

        var reply = await call.ResponseAsync.WaitAsync(Bound, Token);

        reply.Languages[0].LanguageCode.ShouldBe("es");
        await worker.IdleAsync(Bound, Token);
    }

    [Fact]
    public async Task DetectLanguage_ClientGone_LeavesNothingBehind()
    {
        await worker.IdleAsync(Bound, Token);
        var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Admitted() => admitted.TrySetResult();
        worker.Gate.Changed += Admitted;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = worker.Client.DetectLanguage(cancellationToken: gone.Token);
        await call.RequestStream.WriteAsync(RunningWorker.Config(Pcm()), Token);
        await call.RequestStream.WriteAsync(RunningWorker.Audio(new byte[32_000]), Token);
        await admitted.Task.WaitAsync(Bound, Token);
        worker.Gate.Changed -= Admitted;

        await gone.CancelAsync();

        await worker.IdleAsync(TimeSpan.FromSeconds(1), Token);
    }

    [Fact]
    public async Task DetectLanguage_LanguageGiven_IsRefusedByName() =>
        await ShouldFailAsync(new TranscriptionConfig { LanguageCode = "en" }, StatusCode.InvalidArgument, "language_code");

    [Fact]
    public async Task DetectLanguage_UnknownLanguage_IsRefusedByName() =>
        await ShouldFailAsync(new TranscriptionConfig { LanguageCodes = { "xx" } }, StatusCode.InvalidArgument, "language_codes");

    [Fact]
    public async Task DetectLanguage_NoAudio_IsRefusedByName() =>
        await ShouldFailAsync(new TranscriptionConfig(), StatusCode.InvalidArgument, "audio");

    private async Task ShouldFailAsync(TranscriptionConfig config, StatusCode status, string field)
    {
        var error = RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(() => DetectAsync(config, [])));

        (error.StatusCode, error.Field).ShouldBe((status, field));
    }

    private async Task<DetectLanguageResponse> DetectAsync(TranscriptionConfig config, byte[] audio)
    {
        using var call = worker.Client.DetectLanguage(cancellationToken: Token);
        try
        {
            await call.RequestStream.WriteAsync(RunningWorker.Config(config), Token);
            foreach (var chunk in audio.Chunk(32_768))
            {
                await call.RequestStream.WriteAsync(RunningWorker.Audio(chunk), Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The worker answered before all was sent.
        }

        return await call.ResponseAsync.WaitAsync(Bound, Token);
    }

    // The recordings are 16 kHz, 16 bits, mono behind a plain header.
    private static byte[] Samples(string name) => RunningWorker.Recording(name)[44..];

    private static TranscriptionConfig Pcm() => new()
    {
        AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 },
    };
}
