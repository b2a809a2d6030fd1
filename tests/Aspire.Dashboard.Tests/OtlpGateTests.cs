using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard.Tests;

public sealed class OtlpGateTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task PassAsync_MoreAtOnceThanAllowed_IsToldToComeAgain()
    {
        using var gate = new OtlpGate(
            new DashboardAccess(null, []), Options.Create(new TelemetryLimits { MaxConcurrentExports = 1 }), TimeProvider.System);
        var held = new TaskCompletionSource();
        var first = gate.PassAsync(Request(Listener.OtlpHttp), _ => held.Task);

        var (http, grpc, after) = (Request(Listener.OtlpHttp), Request(Listener.OtlpGrpc), Request(Listener.OtlpHttp));
        await gate.PassAsync(http, _ => throw new InvalidOperationException("It must not pass."));
        await gate.PassAsync(grpc, _ => throw new InvalidOperationException("It must not pass."));
        held.SetResult();
        await first.WaitAsync(Bound, TestContext.Current.CancellationToken);
        var passed = false;
        await gate.PassAsync(after, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });

        http.Response.StatusCode.ShouldBe(503);
        http.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        grpc.Response.Headers["grpc-status"].ToString().ShouldBe("14");
        passed.ShouldBeTrue();
    }

    private static DefaultHttpContext Request(Listener listener)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(new ListenerFeature(listener));
        return http;
    }
}
