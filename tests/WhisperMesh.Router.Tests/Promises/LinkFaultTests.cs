using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Promises;

/// <summary>Links between router and worker that carry nothing, or little.</summary>
public sealed class LinkFaultTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private FaultProxy _link = null!;
    private RouterHost _router = null!;
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _link = FaultProxy.Start(new Uri(_one.Address).Port);
    }

    // Pings wait behind what a slow link has still to carry: the silence allowed must be longer than that takes.
    private async Task StartAsync(string silence)
    {
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:SilentWorkerTimeout"] = silence },
            Leases.Transcription("one", _link.Address.ToString().TrimEnd('/')),
            _two.Lease);
        _ledger = new Ledger(_router, _one, _two);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _link.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>F13: a link that swallows everything is found out by pings; requests with less time end at their deadline.</summary>
    [Fact]
    public async Task BlackHole_IsFoundOutAndDeadlinesHold()
    {
        await StartAsync(silence: "00:00:04");
        await _ledger.SendAsync(4);
        _link.Both = new Faults { BlackHole = true };

        var hurried = await _ledger.SendAsync(4, TimeSpan.FromSeconds(1));
        var patient = await _ledger.SendAsync().Bounded();

        hurried.ShouldAllBe(entry => entry.Status == StatusCode.OK || entry.Status == StatusCode.DeadlineExceeded);
        (patient.Status, patient.WorkerId).ShouldBe((StatusCode.OK, "two"));
        await _ledger.CheckAsync(mostAttempts: 2);
    }

    /// <summary>F14: a slow link holds back the one upload that goes through it, not the others.</summary>
    [Fact]
    public async Task LittleBandwidth_HoldsBackItsOwnStreamOnly()
    {
        await StartAsync(silence: "00:01:00");
        _link.ToServer = new Faults { BytesPerSecond = 32 * 1024 };

        var slow = _ledger.SendAsync(audio: new byte[128 * 1024]);
        await Bounds.UntilAsync(() => _one.Speech.Configs.Count + _two.Speech.Configs.Count > 0);
        _two.Speech.Configs.ShouldBeEmpty();
        var other = await _ledger.SendAsync(audio: new byte[1024]).Bounded();

        slow.IsCompleted.ShouldBeFalse();
        (other.Status, other.WorkerId).ShouldBe((StatusCode.OK, "two"));
        (await slow.Bounded()).Status.ShouldBe(StatusCode.OK);
        await _ledger.CheckAsync();
    }
}
