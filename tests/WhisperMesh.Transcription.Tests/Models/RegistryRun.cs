using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests.Models;

internal enum RegistryCommand
{
    Acquire,
    Release,
    Cancel,
    Succeed,
    Fail,
    Wait,
}

/// <summary>Runs commands against a registry and checks after each what must always hold.</summary>
internal sealed class RegistryRun
{
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(70), TimeSpan.FromMinutes(16)];

    private readonly FakeRegistry _fake = new();
    private readonly List<Request> _requests = [];

    private List<Request> Pending => [.. _requests.Where(request => !request.Lease.IsCompleted)];

    private List<Request> Held => [.. _requests.Where(request => request.Lease.IsCompletedSuccessfully && !request.Returned)];

    public Task DoAsync(RegistryCommand command, int argument)
    {
        switch (command)
        {
            case RegistryCommand.Acquire:
                var gone = new CancellationTokenSource();
                var name = FakeRegistry.Names[argument % FakeRegistry.Names.Length];
                _requests.Add(new Request(
                    name, _fake.Registry.AcquireAsync(name, gone.Token), gone, _fake.Time.GetUtcNow() + FakeRegistry.Patience));
                break;
            case RegistryCommand.Release when Held is { Count: > 0 } held:
                held[argument % held.Count].Return();
                break;
            case RegistryCommand.Cancel when Pending is { Count: > 0 } pending:
                pending[argument % pending.Count].Gone.Cancel();
                break;
            case RegistryCommand.Succeed when _fake.Loader.Running is not null:
                _fake.Loader.Succeed();
                break;
            case RegistryCommand.Fail when _fake.Loader.Running is not null:
                _fake.Loader.Fail(new ModelLoadException("Broken."));
                break;
            case RegistryCommand.Wait:
                _fake.Time.Advance(Waits[argument % Waits.Length]);
                break;
        }

        return CheckAsync();
    }

    /// <summary>Returns everything and lets every load succeed: then all requests are answered, and in the end memory is free.</summary>
    public async Task EndAsync()
    {
        for (var i = 0; Pending.Count > 0 || Held.Count > 0 || _fake.Loader.Running is not null; i++)
        {
            i.ShouldBeLessThan(100, "requests are never answered");
            Held.ForEach(request => request.Return());
            if (_fake.Loader.Running is not null)
            {
                _fake.Loader.Succeed();
            }

            await CheckAsync();
        }

        _fake.Time.Advance(FakeRegistry.Idle);
        _fake.Loader.Resident.ShouldAllBe(model => model.Name == "main");
        await _fake.Registry.DisposeAsync();
        _fake.Loader.Resident.ShouldBeEmpty();
    }

    private async Task CheckAsync()
    {
        await Bounds.UntilAsync(IsSettled, "answers that are due");
        _fake.Loader.ResidentBytes.ShouldBeLessThanOrEqualTo(FakeRegistry.Budget);
        Held.ShouldAllBe(request => !((FakeModel)request.Granted.Loaded).Disposed);
        _fake.Loader.Unloads.ShouldNotContain("main");
        _requests.Where(request => request.Lease.IsFaulted)
            .ShouldAllBe(request => request.Lease.Exception!.InnerException is MeshException);
        if (_fake.Loader.Running is null)
        {
            Pending.ShouldAllBe(request => LacksRoom(request.Model));
        }
    }

    // Requests are answered on other threads; states change at once.
    private bool IsSettled() =>
        _fake.Registry.States.All(state => state.ActiveRequestCount == Held.Count(request => request.Model == state.ModelId))
        && Pending.All(request => !request.Gone.IsCancellationRequested
            && _fake.Time.GetUtcNow() < request.Deadline
            && _fake.State(request.Model).State == ModelLoadState.Loading);

    private bool LacksRoom(string model)
    {
        var blocked = _fake.Loader.Resident
            .Where(resident => resident.Name == "main" || Held.Any(request => request.Model == resident.Name))
            .Sum(resident => resident.MemoryBytes);
        return _fake.Loader.EstimateBytes(_fake.Registry.Definitions.Get(model)) > FakeRegistry.Budget - blocked;
    }

    private sealed record Request(string Model, Task<ModelLease> Lease, CancellationTokenSource Gone, DateTimeOffset Deadline)
    {
        public bool Returned { get; private set; }

        public ModelLease Granted => Lease.GetAwaiter().GetResult();

        public void Return()
        {
            Returned = true;
            Granted.Dispose();
        }
    }
}
