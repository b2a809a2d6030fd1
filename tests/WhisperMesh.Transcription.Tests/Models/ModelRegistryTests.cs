using System.Diagnostics.Metrics;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests.Models;

public sealed class ModelRegistryTests
{
    private readonly FakeRegistry _fake = new();

    [Fact]
    public async Task Acquire_ColdModelByMany_IsLoadedOnce()
    {
        var leases = Enumerable.Range(0, 20).Select(i => _fake.AcquireAsync(i % 2 == 0 ? "small" : "small-alias")).ToList();
        _fake.State("small").State.ShouldBe(ModelLoadState.Loading);

        _fake.Loader.Succeed();

        var granted = await Task.WhenAll(leases).Bounded();
        granted.Select(lease => lease.Loaded).Distinct().ShouldHaveSingleItem();
        _fake.Loader.Loads.ShouldBe(["small"]);
        _fake.State("small").ActiveRequestCount.ShouldBe(20);
    }

    [Fact]
    public async Task Acquire_UnknownName_IsNotFoundAndNamesTheModels()
    {
        var error = await Should.ThrowAsync<MeshException>(async () => await _fake.AcquireAsync("tiny"));

        (error.StatusCode, error.Reason, error.Field).ShouldBe((StatusCode.NotFound, ErrorReasons.ModelNotFound, "model"));
        error.Message.ShouldContain("'main', 'small'");
    }

    [Fact]
    public async Task Acquire_OneWaiterCancelled_LoadGoesOnForTheOther()
    {
        using var gone = new CancellationTokenSource();
        var first = _fake.Registry.AcquireAsync("small", gone.Token);
        var second = _fake.AcquireAsync("small");

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first.Bounded());
        _fake.Loader.Succeed();

        (await second.Bounded()).Dispose();
        _fake.State("small").ActiveRequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task Acquire_LoadTakesTooLong_IsUnavailableWhileTheLoadGoesOn()
    {
        var waiting = _fake.AcquireAsync("small");
        _fake.Loader.Report(0.25);
        _fake.State("small").LoadProgress.ShouldBe(0.25);

        _fake.Time.Advance(FakeRegistry.Patience);

        var error = await Should.ThrowAsync<MeshException>(waiting.Bounded());
        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.ModelLoading));
        error.RetryAfter.ShouldNotBeNull();
        error.Message.ShouldContain("25");
        _fake.Loader.Running.ShouldBe("small");
        _fake.Loader.Succeed();
        (await _fake.AcquireAsync("small").Bounded()).Dispose();
        _fake.Loader.Loads.ShouldBe(["small"]);
    }

    [Fact]
    public async Task Acquire_LoadFailed_IsRememberedAndTriedAgainAfterEverLongerPauses()
    {
        var first = _fake.AcquireAsync("small");
        _fake.Loader.Fail(new ModelLoadException("The model file '/models/small/decoder.onnx' can't be used: it is cut."));
        var error = await Should.ThrowAsync<MeshException>(first.Bounded());
        (error.StatusCode, error.Reason, error.RetryAfter).ShouldBe((StatusCode.FailedPrecondition, ErrorReasons.ModelBroken, RetryPause.First));
        error.Message.ShouldBe("Model 'small' can't be loaded: The model file 'decoder.onnx' can't be used: it is cut.");
        _fake.State("small").FailureMessage.ShouldBe(error.Message);

        (await Should.ThrowAsync<MeshException>(_fake.AcquireAsync("small").Bounded())).Message.ShouldBe(error.Message);
        _fake.Loader.Loads.Count.ShouldBe(1);
        (await _fake.LoadAsync("middle")).Dispose();

        _fake.Time.Advance(RetryPause.First);
        var second = _fake.AcquireAsync("small");
        _fake.Loader.Fail(new ModelLoadException("Still."));
        (await Should.ThrowAsync<MeshException>(second.Bounded())).RetryAfter.ShouldBe(2 * RetryPause.First);
        _fake.Time.Advance(2 * RetryPause.First);
        (await _fake.LoadAsync("small")).Dispose();
        _fake.State("small").State.ShouldBe(ModelLoadState.Ready);
        _fake.State("small").FailureMessage.ShouldBeEmpty();
    }

    [Fact]
    public async Task Acquire_LoadFailedForNoKnownReason_IsUnavailableAndKeepsTheReasonToTheLog()
    {
        var waiting = _fake.AcquireAsync("small");

        _fake.Loader.Fail(new ArithmeticException("secret"));

        var error = await Should.ThrowAsync<MeshException>(waiting.Bounded());
        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.ModelLoadFailed));
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Acquire_NoRoom_UnloadsTheLeastRecentlyUsed()
    {
        await _fake.WarmAsync("main");
        await _fake.WarmAsync("small");
        await _fake.WarmAsync("middle");
        (await _fake.AcquireAsync("small").Bounded()).Dispose();

        // 10 of 100 are free, 60 are needed: middle goes first, then small; the default is kept.
        (await _fake.LoadAsync("large")).Dispose();

        _fake.Loader.Unloads.ShouldBe(["middle", "small"]);
        _fake.State("middle").State.ShouldBe(ModelLoadState.Cold);
    }

    [Fact]
    public async Task Acquire_NoRoomButInUse_WaitsUntilItIsReturned()
    {
        await _fake.WarmAsync("main");
        var middle = await _fake.LoadAsync("middle");
        var waiting = _fake.AcquireAsync("large");
        _fake.Loader.Running.ShouldBeNull();
        _fake.State("large").State.ShouldBe(ModelLoadState.Loading);

        middle.Dispose();
        _fake.Loader.Succeed();

        (await waiting.Bounded()).Dispose();
        _fake.Loader.Unloads.ShouldBe(["middle"]);
    }

    [Fact]
    public async Task Acquire_NoRoomForTooLong_IsResourceExhaustedAndNothingIsUnloaded()
    {
        await _fake.WarmAsync("main");
        await _fake.WarmAsync("small");
        using var middle = await _fake.LoadAsync("middle");
        var waiting = _fake.AcquireAsync("large");

        _fake.Time.Advance(FakeRegistry.Patience);

        var error = await Should.ThrowAsync<MeshException>(waiting.Bounded());
        (error.StatusCode, error.Reason, error.Field).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.ModelMemoryFull, "model"));
        error.RetryAfter.ShouldNotBeNull();
        _fake.Loader.Unloads.ShouldBeEmpty();
        _fake.State("large").State.ShouldBe(ModelLoadState.Cold);
    }

    [Fact]
    public async Task Acquire_SmallerModelBehindOneThatWaitsForRoom_IsLoaded()
    {
        await _fake.WarmAsync("main");
        using var middle = await _fake.LoadAsync("middle");
        var large = _fake.AcquireAsync("large");

        using var small = await _fake.LoadAsync("small");

        large.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Acquire_LargerThanTheRoomBesideKeptModels_IsRefusedAtOnce()
    {
        await _fake.WarmAsync("main");

        var error = await Should.ThrowAsync<MeshException>(_fake.AcquireAsync("huge").Bounded());

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.FailedPrecondition, ErrorReasons.ModelTooLarge));
        error.Message.ShouldContain("ModelMemoryBytes");
    }

    [Fact]
    public async Task Load_LargerThanEstimated_MakesTheIdleOnesGo()
    {
        await _fake.WarmAsync("main");
        await _fake.WarmAsync("small");

        using var middle = await _fake.LoadAsync("middle", bytes: 55);

        _fake.Loader.Unloads.ShouldBe(["small"]);
        _fake.State("middle").MemoryBytes.ShouldBe(55);
    }

    [Fact]
    public async Task Idle_TimeOver_UnloadsAllButKeptAndUsedModels()
    {
        await _fake.WarmAsync("main");
        await _fake.WarmAsync("small");
        var middle = await _fake.LoadAsync("middle");

        _fake.Time.Advance(FakeRegistry.Idle - TimeSpan.FromSeconds(2));
        _fake.Loader.Unloads.ShouldBeEmpty();
        _fake.Time.Advance(TimeSpan.FromSeconds(1));
        _fake.Loader.Unloads.ShouldBe(["small"]);
        middle.Dispose();
        _fake.Time.Advance(FakeRegistry.Idle);
        _fake.Loader.Unloads.ShouldBe(["small", "middle"]);

        (await _fake.LoadAsync("small")).Dispose();
    }

    [Fact]
    public async Task Idle_TimeZero_UnloadsNothing()
    {
        var fake = new FakeRegistry(idleTime: TimeSpan.Zero);
        await fake.WarmAsync("small");

        fake.Time.Advance(TimeSpan.FromDays(10));

        fake.Loader.Unloads.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_DefaultModelBroken_TellsTheFiles()
    {
        var start = _fake.Registry.StartAsync(TestContext.Current.CancellationToken);

        _fake.Loader.Fail(new ModelLoadException("Model file /models/main/a does not exist.", "Model file /models/main/b does not exist."));

        (await Should.ThrowAsync<StartupException>(start.Bounded())).Errors.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_ModelsInUseAndWaitedFor_GoWhenReturnedAndRefused()
    {
        await _fake.WarmAsync("main");
        var used = await _fake.LoadAsync("small");
        var waiting = _fake.AcquireAsync("middle");

        var disposal = _fake.Registry.DisposeAsync().AsTask();
        (await Should.ThrowAsync<MeshException>(waiting.Bounded())).Reason.ShouldBe(ErrorReasons.Draining);
        disposal.IsCompleted.ShouldBeFalse();
        _fake.Loader.Succeed();
        await disposal.Bounded();
        _fake.Loader.Unloads.ShouldBe(["main", "middle"]);

        used.Dispose();
        _fake.Loader.Unloads.ShouldBe(["main", "middle", "small"]);
        (await Should.ThrowAsync<MeshException>(_fake.AcquireAsync("small").Bounded())).Reason.ShouldBe(ErrorReasons.Draining);
    }

    [Fact]
    public async Task Lease_DisposedTwice_IsReturnedOnceAndGivesNothingMore()
    {
        using var first = await _fake.LoadAsync("small");
        var second = await _fake.AcquireAsync("small").Bounded();

        second.Dispose();
        second.Dispose();

        _fake.State("small").ActiveRequestCount.ShouldBe(1);
        Should.Throw<ObjectDisposedException>(() => second.Transcriber);
    }

    [Fact]
    public async Task Metrics_LoadsFailuresAndUnloads_AreCounted()
    {
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == TranscriptionTelemetry.Name && instrument.Name.Contains(".model.", StringComparison.Ordinal))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";
            lock (counts)
            {
                counts[key] = counts.GetValueOrDefault(key) + value;
            }
        });
        listener.Start();
        // Meters are told apart by name only, and other tests run beside this one: this model is in none of them.
        (await _fake.LoadAsync("middle")).Dispose();
        _fake.Time.Advance(FakeRegistry.Idle);
        var failing = _fake.AcquireAsync("middle");
        _fake.Loader.Fail(new ModelLoadException("Broken."));
        await Should.ThrowAsync<MeshException>(failing.Bounded());

        lock (counts)
        {
            counts["whispermesh.transcription.model.loads middle succeeded"].ShouldBeGreaterThanOrEqualTo(1);
            counts["whispermesh.transcription.model.loads middle failed"].ShouldBeGreaterThanOrEqualTo(1);
            counts["whispermesh.transcription.model.unloads middle idle"].ShouldBeGreaterThanOrEqualTo(1);
        }
    }
}
