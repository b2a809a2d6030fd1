using System.Net;
using Aspire.Dashboard.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Proto.Resource.V1;

namespace Aspire.Dashboard.Tests;

public sealed class DashboardApplicationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Read_NothingSet_GivesTheOfficialPortsOnLoopback()
    {
        var addresses = Addresses();

        addresses.Page.ShouldHaveSingleItem().ToString().ShouldBe("http://127.0.0.1:18888");
        addresses.OtlpGrpc.ToString().ShouldBe("http://127.0.0.1:18889");
        addresses.OtlpHttp.ToString().ShouldBe("http://127.0.0.1:18890");
        addresses.IsPageLoopback.ShouldBeTrue();
        addresses.IsOtlpLoopback.ShouldBeTrue();
    }

    [Theory]
    [InlineData("http://localhost:5", "http://[::1]:6", "127.0.0.1:5", "[::1]:6")]
    [InlineData("http://127.0.0.2:5;", "http://LOCALHOST:6/", "127.0.0.2:5", "127.0.0.1:6")]
    public void Read_LoopbackNames_BecomeEndPoints(string page, string otlp, string pageEndPoint, string otlpEndPoint)
    {
        var addresses = Addresses(("urls", page), (DashboardAddresses.OtlpGrpcVariable, otlp));

        DashboardAddresses.EndPointOf(addresses.Page.ShouldHaveSingleItem()).ToString().ShouldBe(pageEndPoint);
        DashboardAddresses.EndPointOf(addresses.OtlpGrpc).ToString().ShouldBe(otlpEndPoint);
    }

    [Theory]
    [InlineData("urls", "http://0.0.0.0:18888", false, true)]
    [InlineData("urls", "http://127.0.0.1:1;http://+:2", false, true)]
    [InlineData(DashboardAddresses.OtlpGrpcVariable, "http://[::]:18889", true, false)]
    [InlineData(DashboardAddresses.OtlpHttpVariable, "http://example.org:18890", true, false)]
    public void Read_MoreThanLoopback_KnowsWhichSide(string key, string value, bool isPageLoopback, bool isOtlpLoopback)
    {
        var addresses = Addresses((key, value));

        addresses.IsPageLoopback.ShouldBe(isPageLoopback);
        addresses.IsOtlpLoopback.ShouldBe(isOtlpLoopback);
    }

    [Theory]
    [InlineData("urls", "nonsense", DashboardAddresses.PageVariable)]
    [InlineData("urls", "https://127.0.0.1:1", DashboardAddresses.PageVariable)]
    [InlineData(DashboardAddresses.OtlpGrpcVariable, "http://127.0.0.1:1/base", DashboardAddresses.OtlpGrpcVariable)]
    public void Read_AddressThatCannotServe_NamesTheVariable(string key, string value, string variable) =>
        Should.Throw<DashboardConfigurationException>(() => Addresses((key, value))).Message.ShouldStartWith(variable);

    [Fact]
    public async Task Start_LimitsOutOfRange_NamesThemAll()
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => RunningDashboard.StartAsync(
            "--Dashboard:TelemetryLimits:MaxLogCount", "0", "--Dashboard:TelemetryLimits:MaxExportBytes", "1"));

        error.Failures.Count().ShouldBe(2);
        error.Message.ShouldContain("MaxLogCount");
        error.Message.ShouldContain("MaxExportBytes");
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/alive", HttpStatusCode.OK)]
    [InlineData("/assets/dashboard.css", HttpStatusCode.OK)]
    [InlineData("/assets/dashboard.js", HttpStatusCode.OK)]
    [InlineData("/traces/detail/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/traces/nothing", HttpStatusCode.NotFound)]
    public async Task Get_KnownPath_AnswersWith(string path, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Page.GetAsync(path, Cancellation);

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Get_FragmentTwice_AnswersNotModifiedUntilSomethingArrives()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var first = await GetFragmentAsync(dashboard, "");
        var tag = first.Headers.ETag.ShouldNotBeNull().ToString();

        using var second = await GetFragmentAsync(dashboard, tag);
        await dashboard.ExportAsync("trace", Samples.Request(new Resource(), Samples.OtlpSpan("fresh")));
        using var third = await GetFragmentAsync(dashboard, tag);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        var fragment = await third.Content.ReadAsStringAsync(Cancellation);
        fragment.ShouldContain("fresh");
        fragment.ShouldNotContain("<html");
    }

    private static async Task<HttpResponseMessage> GetFragmentAsync(RunningDashboard dashboard, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/traces");
        request.Headers.Add("X-Fragment", "1");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await dashboard.Page.SendAsync(request, Cancellation);
    }

    private static DashboardAddresses Addresses(params (string Key, string Value)[] settings) => DashboardAddresses.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
