using StackExchange.Redis;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class AnnouncementTests(RunningWorker worker)
{
    [Fact]
    public async Task GetCapabilities_NamesTheModelItsVoicesAndFormats()
    {
        var reply = await worker.Worker.GetCapabilitiesAsync(
            new GetCapabilitiesRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var capabilities = reply.Capabilities;
        capabilities.CompressedAudio.ShouldBeTrue("ffmpeg must be installed for this test");
        capabilities.ConcurrentRequestLimit.ShouldBe(RunningWorker.Places);
        capabilities.QueueLimit.ShouldBe(RunningWorker.QueueLimit);
        capabilities.Device.ShouldBe("cpu");
        var model = capabilities.Models.ShouldHaveSingleItem();
        model.IsDefault.ShouldBeTrue();
        model.Features.ShouldBe(["synthesize"]);
        model.Model.Id.ShouldBe("piper-en_US-joe-medium");
        model.Model.Kind.ShouldBe(ModelKind.Synthesis);
        model.Model.Aliases.ShouldBe(["tts-1", "tts-1-hd", "gpt-4o-mini-tts"]);
        model.Model.Voices.Select(voice => voice.Id).ShouldBe(
            ["joe", "alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"]);
        model.Model.Voices.ShouldAllBe(voice => voice.SampleRateHz == 22_050);
    }

    [Fact]
    public async Task Worker_Running_HasALeaseInRedis()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(worker.RedisConnection);
        var database = redis.GetDatabase();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        RedisValue[] ids;
        while ((ids = await database.SortedSetRangeByRankAsync("whispermesh:workers")).Length == 0)
        {
            await beat.WaitForNextTickAsync(bound.Token);
        }

        var id = ids.ShouldHaveSingleItem().ToString();
        byte[] bytes = (await database.StringGetAsync($"whispermesh:worker:{id}"))!;
        var lease = WorkerLease.Parser.ParseFrom(SealedWorkerLease.Parser.ParseFrom(bytes).Lease);
        lease.WorkerId.ShouldBe(id);
        new Uri(lease.Address).ShouldBe(worker.Address);
        lease.Capabilities.Models.ShouldHaveSingleItem().Model.Id.ShouldBe("piper-en_US-joe-medium");
    }
}
