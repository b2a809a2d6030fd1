using System.Net;
using System.Text.RegularExpressions;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Console;

public sealed partial class ConsoleFilesTests : ApiTest
{
    [Fact]
    public async Task Root_Get_IsAPageWithStrictHeaders()
    {
        using var response = await GetAsync("/");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
    }

    [Fact]
    public async Task Root_AllThatItNames_IsThere()
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([""]);
        while (open.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            using var response = await GetAsync("/" + path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            var text = await BodyAsync(response);
            foreach (Match name in Named().Matches(text))
            {
                var named = name.Groups[1].Value;
                named.ShouldNotContain("//", Case.Sensitive, path);
                open.Enqueue(new Uri(new Uri($"http://x/{path}"), named).AbsolutePath[1..]);
            }

            if (path.Length == 0)
            {
                text.ShouldNotContain("style=");
                InlineScript().IsMatch(text).ShouldBeFalse();
            }
        }

        seen.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task File_SameTag_IsNotSentAgain()
    {
        using var first = await GetAsync("/console/app.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/app.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await Router.Http.SendAsync(request, TestContext.Current.CancellationToken).Bounded();

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
    }

    [Theory]
    [InlineData("/console/")]
    [InlineData("/console/none.js")]
    [InlineData("/console/../appsettings.json")]
    [InlineData("/console/%2e%2e/index.html")]
    public async Task File_Unknown_Is404(string path)
    {
        using var response = await GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => Router.Http.GetAsync(path, TestContext.Current.CancellationToken).Bounded();

    // What markup and modules name: files of ours, as paths relative to the one that names them.
    [GeneratedRegex("""(?:(?:src|href)=|from |import )["']([^"'#][^"']*\.(?:js|css|svg))["']""")]
    private static partial Regex Named();

    [GeneratedRegex("<script(?![^>]*src=)|\\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();
}
