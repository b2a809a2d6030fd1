using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace Aspire.Dashboard.Tests;

/// <summary>OTLP over HTTP, and the key that both receivers ask for.</summary>
public sealed class OtlpHttpTests
{
    private const string Key = "a-key-of-the-right-length";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_Spans_AreThere(bool packed)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var message = Samples.Request(new Resource(), Samples.OtlpSpan("by http")).ToByteArray();

        using var response = await dashboard.PostAsync("/v1/traces", new ByteArrayContent(packed ? Pack(message) : message), encoding: packed ? "gzip" : null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-protobuf");
        ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancellation)).PartialSuccess.ShouldBeNull();
        (await dashboard.GetJsonAsync("/api/traces"))[0].GetProperty("name").GetString().ShouldBe("by http");
    }

    [Fact]
    public async Task Post_SomeItemsUnusable_SaysHowManyAndKeepsTheRest()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var noId = Samples.OtlpSpan();
        noId.SpanId = ByteString.CopyFrom(1, 2, 3);

        using var response = await dashboard.PostAsync(
            "/v1/traces", new ByteArrayContent(Samples.Request(new Resource(), noId, Samples.OtlpSpan("good")).ToByteArray()));

        ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancellation)).PartialSuccess.RejectedSpans.ShouldBe(1);
        (await dashboard.GetJsonAsync("/api/traces")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Post_HistogramWhoseBucketsDoNotFit_IsRejectedByItself()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var good = new HistogramDataPoint { Count = 3, ExplicitBounds = { 1, 2 }, BucketCounts = { 1, 1, 1 } };
        var few = new HistogramDataPoint { Count = 3, ExplicitBounds = { 1, 2 }, BucketCounts = { 1 } };
        var shrinking = new HistogramDataPoint { Count = 3, ExplicitBounds = { 2, 1 }, BucketCounts = { 1, 1, 1 } };
        var nan = new HistogramDataPoint { Count = 3, ExplicitBounds = { double.NaN }, BucketCounts = { 1, 1 } };
        var metric = new Metric { Name = "h", Histogram = new Histogram { DataPoints = { few, good, shrinking, nan } } };
        var request = new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { ScopeMetrics = { new ScopeMetrics { Metrics = { metric } } } } } };

        using var response = await dashboard.PostAsync("/v1/metrics", new ByteArrayContent(request.ToByteArray()));

        var answer = ExportMetricsServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancellation));
        answer.PartialSuccess.RejectedDataPoints.ShouldBe(3);
        (await dashboard.GetJsonAsync("/api/metrics")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Post_Json_IsRefusedInJsonByName()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.PostAsync("/v1/traces", new StringContent("{}"), "application/json");

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
        status.GetProperty("code").GetInt32().ShouldBe(3);
        status.GetProperty("message").GetString()!.ShouldContain("JSON");
    }

    [Theory]
    [InlineData("text/plain", null, 415, 3, "text/plain")]
    [InlineData(null, null, 415, 3, "application/x-protobuf")]
    [InlineData("application/x-protobuf", "br", 415, 3, "'br'")]
    [InlineData("application/x-protobuf", "gzip", 400, 3, "not a readable Export")]
    [InlineData("application/x-protobuf", null, 400, 3, "not a readable Export")]
    public async Task Post_WhatCannotBeRead_IsAStatusThatSaysWhy(string? type, string? encoding, int httpStatus, int code, string says)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.PostAsync("/v1/logs", new ByteArrayContent([0x0a, 0x7f, 0x01]), type, encoding);

        ((int)response.StatusCode).ShouldBe(httpStatus);
        var status = OpenTelemetry.Proto.Rpc.Status.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancellation));
        status.Code.ShouldBe(code);
        status.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData(false, 70_000)]
    [InlineData(true, 32 << 20)]
    public async Task Post_AboveTheLimit_IsTooLarge(bool packed, int length)
    {
        await using var dashboard = await RunningDashboard.StartAsync("--Dashboard:TelemetryLimits:MaxExportBytes", "65536");
        var message = Samples.Request(new Resource(), Samples.OtlpSpan(new string('x', length))).ToByteArray();

        using var response = await dashboard.PostAsync("/v1/traces", new ByteArrayContent(packed ? Pack(message) : message), encoding: packed ? "gzip" : null);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await dashboard.GetJsonAsync("/api/traces")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Post_MoreAtOnceThanAllowed_IsToldToComeAgain()
    {
        await using var dashboard = await RunningDashboard.StartAsync("--Dashboard:TelemetryLimits:MaxConcurrentExports", "1");
        using var one = await SlowSender.StartAsync(dashboard);
        using var other = await SlowSender.StartAsync(dashboard);
        var (ofOne, ofOther) = (one.ReadToEndAsync(), other.ReadToEndAsync());

        // Whichever came second.
        var refused = await await Task.WhenAny(ofOne, ofOther);
        await (ofOne.IsCompleted ? other : one).SendBodyAsync();
        var answers = await Task.WhenAll(ofOne, ofOther);

        refused.ShouldStartWith("HTTP/1.1 503");
        refused.ShouldContain("Retry-After: 1");
        answers.ShouldContain(answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        using var after = await dashboard.PostAsync("/v1/traces", new ByteArrayContent([]));
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_BodyThatNeverEnds_IsCutOffAndItsPlaceIsFree()
    {
        await using var dashboard = await RunningDashboard.StartAsync(
            "--Dashboard:TelemetryLimits:MaxConcurrentExports", "1", "--Dashboard:TelemetryLimits:MaxExportTime", "00:00:00.3");
        using var slow = await SlowSender.StartAsync(dashboard);

        (await slow.ReadToEndAsync()).ShouldBeEmpty();
        await Eventually(async () =>
        {
            using var next = await dashboard.PostAsync("/v1/traces", new ByteArrayContent([]));
            return next.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Export_KeySet_IsAskedForByBothReceivers()
    {
        await using var dashboard = await RunningDashboard.StartAsync("--Dashboard:Otlp:PrimaryApiKey", Key, "--Dashboard:Otlp:SecondaryApiKey", Key + "2");

        using var none = await dashboard.PostAsync("/v1/traces", new ByteArrayContent([]));
        using var wrong = await dashboard.PostAsync("/v1/traces", new ByteArrayContent([]), key: Key + "3");
        using var right = await dashboard.PostAsync("/v1/traces", new ByteArrayContent([]), key: Key + "2");
        var error = await Should.ThrowAsync<Grpc.Core.RpcException>(() => dashboard.ExportAsync("trace", []));
        await dashboard.ExportAsync("trace", [], key: Key);

        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        error.StatusCode.ShouldBe(Grpc.Core.StatusCode.Unauthenticated);
        error.Status.Detail.ShouldContain("x-otlp-api-key");
    }

    private static byte[] Pack(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    /// <summary>Sends the head of a request, and its body when it is let.</summary>
    private sealed class SlowSender(TcpClient client) : IDisposable
    {
        // A field that nobody knows.
        private static readonly byte[] Body = [0x78, 0x01];

        public static async Task<SlowSender> StartAsync(RunningDashboard dashboard)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, dashboard.OtlpHttp.BaseAddress!.Port, Cancellation);
            await client.GetStream().WriteAsync(
                "POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"u8.ToArray(),
                Cancellation);
            return new SlowSender(client);
        }

        public async Task SendBodyAsync() => await client.GetStream().WriteAsync(Body, Cancellation);

        public async Task<string> ReadToEndAsync()
        {
            using var reader = new StreamReader(client.GetStream());
            try
            {
                return await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            }
            catch (IOException)
            {
                return "";
            }
        }

        public void Dispose() => client.Dispose();
    }
}
