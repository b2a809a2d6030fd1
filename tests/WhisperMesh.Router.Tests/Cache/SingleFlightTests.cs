using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Cache;

/// <summary>The same upload several times at once: decoded once, and nobody suffers for another.</summary>
public sealed class SingleFlightTests(CacheFixture redis) : IAsyncLifetime
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CachedMesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mesh = await CachedMesh.StartAsync(redis.ConnectionString);
        _mesh.Worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            var length = await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1, $"{length} bytes");
            _begun.TrySetResult();
            if (await Task.WhenAny(_go.Task, call.HangAsync()) != _go.Task)
            {
                return;
            }

            await call.SegmentAsync(1, 1, 1, "later");
            await call.SummaryAsync();
        };
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Transcribe_SameUploadThreeTimesAtOnce_IsDecodedOnce()
    {
        var answers = Enumerable.Range(0, 3).Select(_ => PostAsync()).ToList();
        await UntilTravellersAsync(3);

        _go.SetResult();
        var done = await Task.WhenAll(answers).Bounded();

        done.Select(answer => answer.Cache).Order().ShouldBe(["miss", "shared", "shared"]);
        done.Select(answer => answer.Transcript).Distinct().Single().ShouldContain("2016 bytes later");
        _mesh.Decodes.ShouldBe(1);
    }

    [Fact]
    public async Task Transcribe_FirstCallerGoesAway_TheOthersGetTheResult()
    {
        using var leaves = new CancellationTokenSource();
        var first = PostAsync(leaves: leaves);
        await _begun.Task.Bounded();
        var second = PostAsync();
        await UntilTravellersAsync(2);

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await UntilTravellersAsync(1);
        _go.SetResult();

        var answer = await second.Bounded();
        (answer.Status, answer.Cache, _mesh.Decodes).ShouldBe((HttpStatusCode.OK, "shared", 1));
        answer.Body.ShouldContain("2016 bytes later");
        await Bounds.UntilAsync(() => _mesh.Router.Spool.OpenFiles == 0);
    }

    [Fact]
    public async Task Transcribe_AllCallersGoAway_StopsTheWork()
    {
        using var leave = new CancellationTokenSource();
        Task[] callers = [PostAsync(leaves: leave), PostAsync(leaves: leave)];
        await UntilTravellersAsync(2);
        await _begun.Task.Bounded();

        await leave.CancelAsync();

        await _mesh.Worker.Speech.Cancelled.Task.Bounded();
        await Bounds.UntilAsync(() => _mesh.Router.Spool.OpenFiles == 0);
        await CachedMesh.UntilLandedAsync(_mesh.Router);
        foreach (var caller in callers)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => caller);
        }
    }

    [Fact]
    public async Task Transcribe_FollowerThatStreams_SeesSegmentsAsTheyCome()
    {
        var first = PostAsync();
        await _begun.Task.Bounded();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = Forms.Of(("stream", "true")) };
        using var response = await _mesh.Router.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token).Bounded();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));

        (await lines.ReadLineAsync(Token).AsTask().Bounded())!.ShouldContain("2016 bytes");
        _go.SetResult();

        (await lines.ReadToEndAsync(Token).Bounded()).ShouldContain("later");
        response.Headers.GetValues("x-whispermesh-cache").ShouldBe(["shared"]);
        (await first.Bounded()).Cache.ShouldBe("miss");
        _mesh.Decodes.ShouldBe(1);
    }

    [Fact]
    public async Task Transcribe_FailureAboutTheUpload_IsToldToAll()
    {
        FailOnce(MeshException.InvalidArgument("audio", "No audio.", ErrorReasons.AudioUnreadable), always: true);

        Task<Answer>[] callers = [PostAsync(), PostAsync()];
        await UntilTravellersAsync(2);
        _go.SetResult();
        var done = await Task.WhenAll(callers).Bounded();

        done.Select(answer => answer.Status).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest]);
        _mesh.Decodes.ShouldBe(1);
    }

    [Fact]
    public async Task Transcribe_FailureOfTheFirstOnly_OthersTryThemselves()
    {
        FailOnce(MeshException.ResourceExhausted(ErrorReasons.QueueFull, "Full.", TimeSpan.FromSeconds(7)));

        Task<Answer>[] callers = [PostAsync(), PostAsync()];
        await UntilTravellersAsync(2);
        _go.SetResult();
        var done = await Task.WhenAll(callers).Bounded();

        done.Select(answer => answer.Status).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        _mesh.Decodes.ShouldBe(2);
    }

    [Fact]
    public async Task Transcribe_UrgentRequest_DoesNotWaitForBulkWork()
    {
        var bulk = PostAsync(fields: ("request_class", "bulk"));
        await _begun.Task.Bounded();
        _mesh.Worker.Speech.OnTranscribe = async call =>
        {
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1, "at once");
            await call.SummaryAsync();
        };

        (await PostAsync().Bounded()).Body.ShouldContain("at once");

        _go.SetResult();
        (await bulk.Bounded()).Body.ShouldContain("later");
    }

    [Fact]
    public async Task Transcribe_SameUploadAtTwoRouters_IsDecodedOnce()
    {
        var other = await _mesh.AddRouterAsync();
        var first = PostAsync();
        await _begun.Task.Bounded();
        var second = PostAsync(other);
        await UntilTravellersAsync(1, other);

        _go.SetResult();

        (await first.Bounded()).Cache.ShouldBe("miss");
        // A hit where the second router had not asked Redis before the first was done.
        (await second.Bounded()).Cache.ShouldBeOneOf("shared", "hit");
        (await second).Transcript.ShouldBe((await first).Transcript);
        _mesh.Decodes.ShouldBe(1);
    }

    [Fact]
    public async Task Transcribe_OtherRouterFails_ThisOneTries()
    {
        FailOnce(MeshException.ResourceExhausted(ErrorReasons.QueueFull, "Full.", TimeSpan.FromSeconds(7)));
        var other = await _mesh.AddRouterAsync();
        var first = PostAsync();
        await _begun.Task.Bounded();
        var second = PostAsync(other);
        await UntilTravellersAsync(1, other);

        _go.SetResult();

        ((await first.Bounded()).Status, (await second.Bounded()).Status).ShouldBe((HttpStatusCode.TooManyRequests, HttpStatusCode.OK));
        _mesh.Decodes.ShouldBe(2);
    }

    [Fact]
    public async Task Transcribe_SameUploadOfTwoTenants_IsDecodedForEach()
    {
        var first = PostAsync();
        await _begun.Task.Bounded();
        var second = PostAsync(tenant: "other");
        await Bounds.UntilAsync(() => _mesh.Decodes == 2);

        _go.SetResult();

        ((await first.Bounded()).Cache, (await second.Bounded()).Cache).ShouldBe(("miss", "miss"));
    }

    private void FailOnce(MeshException failure, bool always = false)
    {
        var answer = _mesh.Worker.Speech.OnTranscribe!;
        var failed = 0;
        _mesh.Worker.Speech.OnTranscribe = async call =>
        {
            if (Interlocked.Exchange(ref failed, 1) == 1 && !always)
            {
                await answer(call);
                return;
            }

            await call.ReadAllAsync();
            _begun.TrySetResult();
            await _go.Task.WaitAsync(call.Context.CancellationToken);
            throw failure;
        };
    }

    private Task UntilTravellersAsync(int count, RouterHost? router = null)
    {
        var board = (router ?? _mesh.Router).Services.GetRequiredService<FlightBoard>();
        return Bounds.UntilAsync(() => board.Travellers == count);
    }

    private Task<Answer> PostAsync(
        RouterHost? router = null, string? tenant = null, CancellationTokenSource? leaves = null, params (string, string)[] fields) =>
        Answer.OfAsync(router ?? _mesh.Router, Forms.Of(fields), tenant: tenant, cancellationToken: leaves?.Token ?? Token);
}
