using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Models;

/// <summary>
/// Lends the worker's models, loads them when they are asked for, and unloads those that nobody has used for a while or whose
/// room another one needs. Any number of requests for a model in cold storage share one load.
/// </summary>
internal sealed class ModelRegistry : IWorkerModels, IAsyncDisposable
{
    private readonly IModelLoader _loader;
    private readonly ModelLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ModelMetrics _metrics;
    private readonly ILogger<ModelRegistry> _logger;
    private readonly ModelTable _table;
    private readonly Lock _timerLock = new();
    private readonly ITimer _expiry;

    public ModelRegistry(
        ModelDefinitions definitions,
        ModelLimits limits,
        IModelLoader loader,
        ModelMetrics metrics,
        TimeProvider timeProvider,
        ILogger<ModelRegistry> logger)
    {
        (Definitions, _limits, _loader, _metrics, _timeProvider, _logger) =
            (definitions, limits, loader, metrics, timeProvider, logger);
        _table = new ModelTable(definitions.All, limits, timeProvider);
        _table.Returned += Work;
        _expiry = timeProvider.CreateTimer(_ => Work(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.Observe(() => States);
    }

    public event Action? Changed;

    public ModelDefinitions Definitions { get; }

    public IReadOnlyList<ModelState> States => _table.States;

    /// <summary>Loads the default model; the others that are to be loaded at start follow in the background.</summary>
    /// <exception cref="StartupException">The default model can't be loaded.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            (await AcquireAsync(Definitions.Default, Timeout.InfiniteTimeSpan, cancellationToken)).Dispose();
        }
        catch (MeshException exception)
        {
            throw new StartupException(_table.Slot(Definitions.Default).Failure?.Errors ?? [exception.Message]);
        }

        foreach (var model in Definitions.All.Where(model => model is { LoadAtStart: true, IsDefault: false }))
        {
            _ = WarmAsync(model);
        }
    }

    /// <summary>Lends a model; waits while it is loaded, but no longer than the settings allow.</summary>
    /// <param name="name">Its name or an alias; empty for the default model.</param>
    /// <param name="cancellationToken">Ends the wait of this request, not the load.</param>
    /// <exception cref="MeshException">There is no such model, it can't be loaded, or the wait took too long.</exception>
    public Task<ModelLease> AcquireAsync(string name, CancellationToken cancellationToken) =>
        AcquireAsync(Definitions.Get(name), _limits.LoadTimeout, cancellationToken);

    /// <summary>Waits for the load that is going on and unloads all models but those in use, which go as they are returned.</summary>
    public async ValueTask DisposeAsync()
    {
        var closed = _table.Close();
        Work();
        await closed;
        await _expiry.DisposeAsync();
    }

    private async Task<ModelLease> AcquireAsync(ModelDefinition model, TimeSpan patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var slot = _table.Slot(model);
        if (_table.TryTake(slot) is { } lease)
        {
            Changed?.Invoke();
            return lease;
        }

        using var activity = TranscriptionTelemetry.Source.StartActivity(TelemetryNames.Spans.ModelLoad);
        var request = _table.Request(slot, _loader.EstimateBytes(model));
        Work();
        try
        {
            return await request.Task.WaitAsync(patience, _timeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (_table.GiveUp(slot, request) is { } reason)
            {
                Changed?.Invoke();
                throw exception is TimeoutException ? reason : new OperationCanceledException(cancellationToken);
            }

            // Answered in the same moment.
            var late = await request.Task;
            if (exception is TimeoutException)
            {
                return late;
            }

            late.Dispose();
            throw;
        }
    }

    private async Task WarmAsync(ModelDefinition model)
    {
        try
        {
            (await AcquireAsync(model, Timeout.InfiniteTimeSpan, CancellationToken.None)).Dispose();
        }
        catch (MeshException exception)
        {
            // The worker serves the others. A load that failed has been logged.
            if (exception.Reason == ErrorReasons.ModelTooLarge)
            {
                ModelLog.NotWarm(_logger, model.Name, exception.Message);
            }
        }
    }

    // Whoever changes something does what there is to do next, unless someone is at it already, who then goes on.
    private void Work() => _ = WorkAsync();

    private async Task WorkAsync()
    {
        Changed?.Invoke();
        while (_table.Next() is { } step)
        {
            Changed?.Invoke();
            if (step.Unload is { } reason)
            {
                await UnloadAsync(step.Slot, reason);
            }
            else
            {
                await LoadAsync(step.Slot);
            }

            Changed?.Invoke();
        }

        lock (_timerLock)
        {
            _expiry.Change(_table.UntilNextExpiry(), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task LoadAsync(ModelSlot slot)
    {
        var model = slot.Definition;
        var begin = _timeProvider.GetTimestamp();
        try
        {
            var loaded = await _loader.LoadAsync(model, new Progress(this, slot)).ConfigureAwait(false);
            var elapsed = _timeProvider.GetElapsedTime(begin);
            _table.OnLoaded(slot, loaded);
            _metrics.Loaded(model.Name, elapsed);
            ModelLog.Loaded(_logger, model.Name, elapsed, loaded.MemoryBytes);
        }
        // A load may fail in any way; it is told to those who wait for it and must not stop the work on other models.
        catch (Exception exception)
        {
            var failure = ModelFailure.From(exception, model);
            _table.OnFailed(slot, failure);
            _metrics.LoadFailed(model.Name, _timeProvider.GetElapsedTime(begin));
            ModelLog.LoadFailed(
                _logger, model.Name, string.Join(' ', failure.Errors), exception is ModelLoadException ? null : exception);
        }
    }

    private async Task UnloadAsync(ModelSlot slot, UnloadReason reason)
    {
        try
        {
            await slot.Loaded!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ModelLog.UnloadFailed(_logger, exception, slot.Definition.Name);
        }

        _table.OnUnloaded(slot);
        _metrics.Unloaded(slot.Definition.Name, reason);
        ModelLog.Unloaded(_logger, slot.Definition.Name, reason);
    }

    // Not Progress<T>, which would report on other threads, in any order.
    private sealed class Progress(ModelRegistry registry, ModelSlot slot) : IProgress<double>
    {
        public void Report(double value)
        {
            registry._table.OnProgress(slot, value);
            registry.Changed?.Invoke();
        }
    }
}
