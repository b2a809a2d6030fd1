using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>A client that does not read takes no memory, and is told what it has missed.</summary>
public sealed class LiveSlowReaderTests
{
    [Fact]
    public async Task Read_MoreIsMissedThanIsKept_IsCutOffAndComesBackWithAWarning()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:Live:KeptEvents"] = "10" }, worker.LiveLease);
        using var client = await LiveClient.OpenAsync(router);
        await client.UntilStartedAsync();

        // Far more than the connection takes up while nobody reads.
        const int Words = 20_000;
        var words = string.Concat(Enumerable.Repeat("a ", 20_000));
        for (var i = 0; i < Words / 20_000; i++)
        {
            await client.SayAsync(words);
        }

        var session = router.Services.GetRequiredService<LiveRegistry>().All.Single();
        await Bounds.UntilAsync(() => session.Told == Words);

        var error = await Should.ThrowAsync<RpcException>(client.ReadAllAsync);
        RpcErrorDetails.From(error).Reason.ShouldBe(LiveErrors.TooSlowReason);
        using var again = await LiveClient.OpenAsync(router, new LiveConfig
        {
            Resume = new LiveResume { Token = client.Started.ResumeToken, LastEventNumber = client.Events[^1].EventNumber },
        });
        (await again.UntilStartedAsync()).Started.Warnings.ShouldHaveSingleItem();
        await again.UntilAsync(message => message.Status?.Message.Length > 0);
    }
}
