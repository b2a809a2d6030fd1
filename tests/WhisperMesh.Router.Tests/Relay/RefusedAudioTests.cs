using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Relay;

public sealed class RefusedAudioTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("whispermesh-router-tests-").FullName;
    private readonly Store _store = new();
    private readonly AudioSpool _spool;
    private readonly RefusedAudio _refused;

    public RefusedAudioTests()
    {
        var options = Options.Create(new RouterOptions { SpoolDirectory = _directory });
        (_spool, _refused) = (new AudioSpool(options), new RefusedAudio(_store, options, TimeProvider.System, NullLogger<RefusedAudio>.Instance));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task OnDeathAsync_StoreAwayAtFirst_IsToldOfAllOnceItIsBack()
    {
        using var audio = await AudioAsync();
        _store.IsAway = true;
        await _refused.OnDeathAsync(audio, "one", "r1");
        _store.IsAway = false;
        await _refused.OnDeathAsync(audio, "two", "r1");

        var refusal = await Should.ThrowAsync<MeshException>(() => _refused.OnDeathAsync(audio, "three", "r2").AsTask());

        refusal.Reason.ShouldBe(ErrorReasons.AudioRefused);
        _store.Workers.ShouldBe(["one", "two", "three"], ignoreOrder: true);
    }

    [Fact]
    public async Task OnDeathAsync_SameWorkerAgain_CountsOnce()
    {
        using var audio = await AudioAsync();
        foreach (var worker in (string[])["one", "one", "one", "two"])
        {
            await _refused.OnDeathAsync(audio, worker, "r1");
        }

        await _refused.CheckAsync(audio, TestContext.Current.CancellationToken);
        _store.Workers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TellRestAsync_StoreWasAway_IsToldOfAll()
    {
        using var audio = await AudioAsync();
        _store.IsAway = true;
        await _refused.OnDeathAsync(audio, "one", "r1");
        await _refused.OnDeathAsync(audio, "two", "r1");
        _store.IsAway = false;

        await _refused.TellRestAsync();

        _store.Workers.ShouldBe(["one", "two"], ignoreOrder: true);
        _store.Workers.Clear();
        await _refused.TellRestAsync();
        _store.Workers.ShouldBeEmpty("what was told is not told again");
    }

    private async Task<SpoolFile> AudioAsync()
    {
        var audio = _spool.Create();
        await audio.AppendAsync(new byte[] { 1, 2, 3 }, TestContext.Current.CancellationToken);
        audio.Complete();
        await audio.WaitForHashAsync(TestContext.Current.CancellationToken);
        return audio;
    }

    private sealed class Store : IRefusedAudioStore
    {
        public bool IsAway { get; set; }

        public HashSet<string> Workers { get; } = [];

        public Task<int> AddDeathsAsync(string hash, string head, IReadOnlyCollection<string> workerIds, TimeSpan memory)
        {
            if (!IsAway)
            {
                Workers.UnionWith(workerIds);
            }

            return Task.FromResult(IsAway ? 0 : Workers.Count);
        }

        public void Forget(string hash) => Workers.Clear();
    }
}
