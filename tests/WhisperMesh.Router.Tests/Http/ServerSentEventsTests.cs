using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Http;

public sealed class ServerSentEventsTests : ApiTest
{
    [Fact]
    public async Task Stream_SegmentIsDone_IsSentWhileTheWorkGoesOn()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1.5, "First.");
            await gate.Task.WaitAsync(call.Context.CancellationToken);
            await call.SegmentAsync(1, 1.5, 1, "Second.");
            await call.SummaryAsync();
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = Forms.Of(("stream", "true")) };
        using var response = await Router.Http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Bounded();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        var first = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded();
        gate.SetResult();
        var rest = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).Bounded();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.ShouldBe("""data: {"type":"transcript.text.delta","delta":"First."}""");
        rest.ShouldContain("\"delta\":\" Second.\"");
        rest.ShouldContain("\"text\":\"First. Second.\"");
    }

    [Fact]
    public async Task Run_NothingToTellForLong_KeepsTheStreamAlive()
    {
        var time = new FakeTimeProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        using var events = new ServerSentEvents(context.Response, time);
        var work = new TaskCompletionSource();

        var running = events.RunAsync(_ => work.Task, TestContext.Current.CancellationToken);
        body.Length.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(15));
        await Bounds.UntilAsync(() => body.Length == 3);
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(15));
        await Bounds.UntilAsync(() => body.Length >= 6);

        context.Response.ContentType.ShouldStartWith("text/event-stream");
        work.SetResult();
        await running.Bounded();
    }
}
