using System.Net;
using System.Net.Http.Headers;

namespace Aspire.Dashboard.Tests;

public sealed class LoginTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly string[] Guarded = ["--Dashboard:Frontend:AuthMode", "BrowserToken", "--Dashboard:Frontend:BrowserToken", Token];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/traces?q=x")]
    public async Task Get_PageWithoutLogin_GoesToTheFormAndBack(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(Guarded);
        using var browser = Browser(dashboard);

        using var refused = await SendAsync(browser, HttpMethod.Get, path, accept: "text/html");
        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var form = refused.Headers.Location!.ToString();
        using var entered = await SendAsync(browser, HttpMethod.Get, form + (form.Contains('?') ? "&" : "?") + "t=" + Token, accept: "text/html");
        using var page = await SendAsync(browser, HttpMethod.Get, entered.Headers.Location!.ToString(), accept: "text/html");

        entered.Headers.Location!.ToString().ShouldBe(path);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = entered.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(Token);
    }

    [Theory]
    [InlineData("GET", "/api/traces")]
    [InlineData("GET", "/api/instances")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/consolelogs/router/events")]
    [InlineData("GET", "/structuredlogs")]
    [InlineData("POST", "/clear/traces")]
    [InlineData("POST", "/resources/router/stop")]
    [InlineData("POST", "/logout")]
    public async Task Request_WithoutLogin_IsUnauthorized(string method, string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(Guarded);
        using var browser = Browser(dashboard);

        using var response = await SendAsync(browser, new HttpMethod(method), path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    public async Task Login_WrongToken_IsRefusedWithTheForm(string token)
    {
        await using var dashboard = await RunningDashboard.StartAsync(Guarded);
        using var browser = Browser(dashboard);
        using var form = new FormUrlEncodedContent([new("token", token)]);

        using var response = await browser.PostAsync("/login", form, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("That is not the token");
    }

    [Theory]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    public async Task Login_ReturnToElsewhere_StaysHere(string returnUrl)
    {
        await using var dashboard = await RunningDashboard.StartAsync(Guarded);
        using var browser = Browser(dashboard);
        using var form = new FormUrlEncodedContent([new("token", Token), new("returnUrl", returnUrl)]);

        using var response = await browser.PostAsync("/login", form, Cancellation);

        response.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Request_TokenAsBearer_IsKnown()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Guarded);
        dashboard.Page.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        (await dashboard.GetJsonAsync("/api/traces")).GetArrayLength().ShouldBe(0);
        dashboard.Page.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x");
        (await dashboard.Page.GetAsync("/api/traces", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.NoContent)]
    [InlineData("Origin", "", HttpStatusCode.NoContent)]
    public async Task Post_FromAnotherSite_IsForbidden(string header, string value, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/clear/traces");
        request.Headers.TryAddWithoutValidation(header, header == "Origin" && value.Length == 0 ? dashboard.Page.BaseAddress!.GetLeftPart(UriPartial.Authority) : value);

        using var response = await dashboard.Page.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("/traces")]
    [InlineData("/api/traces")]
    [InlineData("/login")]
    public async Task Get_PageOnTheOtlpPort_IsNotThere(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        (await dashboard.OtlpHttp.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dashboard.Page.PostAsync("/v1/traces", new ByteArrayContent([]), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static HttpClient Browser(RunningDashboard dashboard) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = dashboard.Page.BaseAddress };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, HttpMethod method, string path, string accept = "*/*")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await browser.SendAsync(request, Cancellation);
    }
}
