using Grpc.Core;
using Grpc.Health.V1;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests.Models;

/// <summary>Workers with several real models.</summary>
[Collection(RunningWorker.Collection)]
public sealed class SeveralModelsTests : IDisposable
{
    private const string Sorry = "I'm sorry, but I was unable to locate the person you're calling.";

    private static readonly string[] TwoModels =
    [
        "--Transcription:Models:0:Name=main", "--Transcription:Models:0:Path=models/whisper-base", "--Transcription:Models:0:Default=true",
        "--Transcription:Models:1:Name=twin", "--Transcription:Models:1:Path=models/whisper-base",
        "--Transcription:Models:1:Aliases:0=other",
    ];

    private readonly string _broken = BrokenModel();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_broken, recursive: true);

    [Fact]
    public async Task TwoModels_SecondNamed_IsLoadedOnFirstUseAndAnswers()
    {
        await using var worker = await RunningWorker.StartAsync(TwoModels);
        (await StatesAsync(worker)).ShouldBe([("main", ModelLoadState.Ready), ("twin", ModelLoadState.Cold)]);

        (await TranscribeAsync(worker, "")).ShouldBe("main");
        (await TranscribeAsync(worker, "other")).ShouldBe("twin");

        (await StatesAsync(worker)).ShouldBe([("main", ModelLoadState.Ready), ("twin", ModelLoadState.Ready)]);
        var twin = (await LoadAsync(worker)).Models[1];
        twin.MemoryBytes.ShouldBeInRange(80L << 20, 400L << 20);
        twin.LoadProgress.ShouldBe(1);
        twin.ActiveRequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task TwoModels_Always_AreDescribedWithTheirLanguages()
    {
        await using var worker = await RunningWorker.StartAsync(TwoModels);

        var reply = await worker.WorkerClient.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: Token);

        reply.Capabilities.Models.Select(model => (model.Model.Id, model.IsDefault, model.Model.LanguageCodes.Count))
            .ShouldBe([("main", true, 99), ("twin", false, 99)]);
        reply.Capabilities.Models[1].Model.Aliases.ShouldBe(["other"]);
    }

    [Fact]
    public async Task IdleTimeOver_ModelIsUnloadedAndComesBackOnUse()
    {
        await using var worker = await RunningWorker.StartAsync([.. TwoModels, "--Transcription:ModelIdleTime=00:00:00.300"]);

        for (var i = 0; i < 2; i++)
        {
            (await TranscribeAsync(worker, "twin")).ShouldBe("twin");
            await Bounds.UntilAsync(
                () => worker.Gate.Load.Models.Select(model => model.State).SequenceEqual([ModelLoadState.Ready, ModelLoadState.Cold]),
                "the second model to go and the default one to stay");
        }
    }

    [Fact]
    public async Task NoRoomForBoth_TheIdleOneGoes()
    {
        // Both need 160 MB each, as estimated; the default one is set to give way.
        await using var worker = await RunningWorker.StartAsync(
            [.. TwoModels, "--Transcription:ModelMemoryBytes=240000000", "--Transcription:Models:0:KeepLoaded=false"]);

        (await TranscribeAsync(worker, "twin")).ShouldBe("twin");
        (await StatesAsync(worker)).ShouldBe([("main", ModelLoadState.Cold), ("twin", ModelLoadState.Ready)]);
        (await TranscribeAsync(worker, "main")).ShouldBe("main");
        (await StatesAsync(worker)).ShouldBe([("main", ModelLoadState.Ready), ("twin", ModelLoadState.Cold)]);
    }

    [Fact]
    public async Task BrokenModelBesideAGoodOne_IsRefusedAlone()
    {
        await using var worker = await RunningWorker.StartAsync(
        [
            .. TwoModels, "--Transcription:Models:2:Name=broken", $"--Transcription:Models:2:Path={_broken}",
            "--Transcription:Models:2:LoadAtStart=true",
        ]);

        var error = await worker.FailAsync(
            Token,
            RunningWorker.Config(new TranscriptionConfig { Model = "broken" }),
            RunningWorker.Audio(RunningWorker.Recording("en-sorry")[..60_000]));

        (error.StatusCode, error.Reason, error.Field).ShouldBe((StatusCode.FailedPrecondition, ErrorReasons.ModelBroken, "model"));
        error.Message.ShouldContain("decoder.onnx");
        error.Message.ShouldNotContain(_broken);
        error.RetryAfter.ShouldNotBeNull();
        (await TranscribeAsync(worker, "main")).ShouldBe("main");
        var state = (await LoadAsync(worker)).Models[2];
        (state.ModelId, state.State, state.FailureMessage).ShouldBe(("broken", ModelLoadState.Failed, error.Message));
        (await worker.HealthClient.CheckAsync(new HealthCheckRequest(), cancellationToken: Token)).Status
            .ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task DefaultModelBroken_WorkerDoesNotStart()
    {
        var start = () => RunningWorker.StartAsync($"--Transcription:ModelPath={_broken}");

        (await start.ShouldThrowAsync<ServiceDefaults.Hosting.StartupException>()).Message
            .ShouldContain(Path.Combine(_broken, "decoder.onnx"));
    }

    [Fact]
    public async Task DefaultModelTooLarge_WorkerDoesNotStartAndNamesTheSetting()
    {
        var start = () => RunningWorker.StartAsync("--Transcription:ModelMemoryBytes=100000000");

        (await start.ShouldThrowAsync<ServiceDefaults.Hosting.StartupException>()).Message
            .ShouldContain("Transcription:ModelMemoryBytes, 100 MB");
    }

    private static async Task<string> TranscribeAsync(RunningWorker worker, string model)
    {
        var events = await worker.TranscribeAsync(
            new TranscriptionConfig { Model = model, LanguageCode = "en" }, RunningWorker.Recording("en-sorry"), Token);
        var text = string.Join(' ', events.Select(e => e.Segment?.Text).OfType<string>());
        WordErrorRate.Errors(Sorry, text).ShouldBe(0, text);
        return events[0].Started.Model;
    }

    private static async Task<WorkerLoad> LoadAsync(RunningWorker worker) =>
        (await worker.WorkerClient.GetLoadAsync(new GetLoadRequest(), cancellationToken: Token)).Load;

    private static async Task<IEnumerable<(string, ModelLoadState)>> StatesAsync(RunningWorker worker) =>
        (await LoadAsync(worker)).Models.Select(model => (model.ModelId, model.State));

    private static string BrokenModel()
    {
        var sound = ServiceDefaults.Models.ModelFiles.Resolve("models/whisper-base", AppContext.BaseDirectory);
        var folder = Directory.CreateTempSubdirectory("whispermesh-broken-").FullName;
        foreach (var name in Whisper.WhisperFolder.FileNames)
        {
            File.Copy(Path.Combine(sound, name), Path.Combine(folder, name));
        }

        using var decoder = new FileStream(Path.Combine(folder, "decoder.onnx"), FileMode.Open);
        decoder.SetLength(decoder.Length / 2);
        return folder;
    }
}
