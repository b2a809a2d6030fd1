using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.BrowserTests.Tests;

/// <summary>The page of live captions, with a microphone that hears a recorded talk.</summary>
public sealed class LivePageTests(BrowserMesh mesh) : PageTest(mesh)
{
    private static readonly Talk Spoken = Talk.Of("en-vm-intro.wav", "en-sorry.wav");

    internal override byte[] Microphone => Spoken.Wav;

    [Fact]
    public async Task Live_Talk_IsCaptionedWithLagAndSaved()
    {
        await StartAsync(Page);
        await Assertions.Expect(Page.Locator("#live-state")).ToHaveTextAsync("Live");
        await Assertions.Expect(Page.Locator("#live-committed .tentative")).Not.ToBeEmptyAsync();
        await ShootAsync("live-tentative");
        var mesh = Watched(await Browser.NewPageAsync(Console.Address));
        await OpenAsync("mesh", mesh);
        await Assertions.Expect(mesh.GetByRole(AriaRole.Table, new() { Name = "Live sessions" }).Locator("tbody tr")).ToHaveCountAsync(1);
        await ShootAsync("mesh-live", mesh);
        await HearAsync(Page, "calling");
        await Assertions.Expect(Page.Locator("#live-lag")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d+\.\d s$"));
        await Assertions.Expect(Page.Locator("#live-language")).ToHaveTextAsync("English");

        await StopAsync(Page);
        ShouldBeRight(await SaveAsync("txt"));
        var srt = await SaveAsync("srt");
        srt.ShouldStartWith("1\n00:00:0");
        (await SaveAsync("vtt")).ShouldStartWith("WEBVTT\n\n00:00:0");
        (await SaveAsync("json")).ShouldContain("\"words\"");
        await Button("Copy text").ClickAsync();
        await Page.GetByText("Copied.").WaitForAsync();
        await ShootAsync("live");
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Live_ConnectionCut_GoesOnAndNoCommittedWordChanges()
    {
        await using var proxy = FaultProxy.Start(Mesh.Router.Http.Port);
        var page = Watched(await Browser.NewPageAsync(proxy.Address));
        await StartAsync(page);
        await HearAsync(page, "message");
        var before = await CommittedAsync(page);

        await proxy.ResetAllAsync();
        await HearAsync(page, "calling");

        (await CommittedAsync(page)).ShouldStartWith(before);
        await StopAsync(page);
        ShouldBeRight(await CommittedAsync(page));
        ShouldHaveNoComplaints("ERR_CONNECTION", "WebSocket");
    }

    [Fact]
    public async Task Live_RouterLost_GoesOnAtAnotherBehindTheSameAddress()
    {
        var first = Mesh.StartAnotherRouter();
        await first.WaitUntilHealthyAsync();
        await using var proxy = FaultProxy.Start(first.Http.Port);
        var page = Watched(await Browser.NewPageAsync(proxy.Address));
        await Eventually.HoldsAsync(
            async () => (await Mesh.Http.GetStringAsync(new Uri(first.Http, "/v1/models"), TestContext.Current.CancellationToken)).Contains("whisper-base", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20),
            () => "The router does not learn of the workers.");
        await StartAsync(page);
        await HearAsync(page, "message");
        var before = await CommittedAsync(page);

        proxy.TargetPort = Mesh.Router.Http.Port;
        await first.Process.KillAsync();
        await HearAsync(page, "calling");

        (await CommittedAsync(page)).ShouldStartWith(before);
        await StopAsync(page);
        ShouldBeRight(await CommittedAsync(page));
        ShouldHaveNoComplaints("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "WebSocket");
    }

    [Fact]
    public async Task Live_MicrophoneDenied_SaysSoAndWhatToDo()
    {
        await Page.AddInitScriptAsync(
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };");
        await StartAsync(Page);

        var alert = Page.GetByRole(AriaRole.Alert);
        (await alert.InnerTextAsync()).ShouldSatisfyAllConditions(
            text => text.ShouldContain("The microphone is not allowed."),
            text => text.ShouldContain("Allow it for this page"));
        await Assertions.Expect(Button("Start")).ToBeEnabledAsync();
        await ShootAsync("live-denied");
        ShouldHaveNoComplaints();
    }

    private async Task StartAsync(IPage page)
    {
        await OpenAsync("live", page);
        await page.GetByLabel("Language").First.FillAsync("en");
        await Button("Start", page).ClickAsync();
    }

    private static async Task StopAsync(IPage page)
    {
        await page.Locator("#live-stop").ClickAsync();
        await Assertions.Expect(page.Locator("#live-state")).ToHaveTextAsync("Ended");
    }

    /// <summary>Waits until a word is committed.</summary>
    private static async Task HearAsync(IPage page, string word) => await page.WaitForFunctionAsync(
        """word => [...document.querySelectorAll("#live-committed p")].some(p => [...p.childNodes].some(node => node.nodeType === 3 && node.data.includes(word)))""",
        word);

    /// <summary>What is committed, without times and without what may change.</summary>
    private static Task<string> CommittedAsync(IPage page) => page.EvaluateAsync<string>(
        """
        [...document.querySelectorAll("#live-committed p")]
          .flatMap(p => [...p.childNodes].filter(node => node.nodeType === 3).map(node => node.data)).join(" ").replace(/\s+/g, " ").trim()
        """);

    private static void ShouldBeRight(string text) =>
        WordErrorRate.Errors(Spoken.Text, text).ShouldBeLessThanOrEqualTo(WordErrorRate.Words(Spoken.Text).Length / 8, text);

    private async Task<string> SaveAsync(string format)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.Locator($"[data-live-save={format}]").ClickAsync());
        download.SuggestedFilename.ShouldBe($"live.{format}");
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
