using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;

namespace WhisperMesh.BrowserTests.Tests;

/// <summary>The console of a router that asks for keys.</summary>
public sealed class KeyTests(BrowserMesh mesh) : PageTest(mesh)
{
    private IPage _page = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _page = Watched(await Browser.NewPageAsync(Console.Guarded.Http));
    }

    [Fact]
    public async Task Key_AskedFor_IsKeptInTheTabAndUsed()
    {
        var key = await Console.CreateKeyAsync("transcribe", "speak", "models");
        await OpenAsync("", _page);
        await _page.GetByText("This mesh asks for an API key.").First.WaitForAsync();
        await ShootAsync("key", _page);

        await EnterAsync("wm_nonsense");
        await _page.GetByText("Incorrect API key provided").First.WaitForAsync();
        await EnterAsync(key);
        await _page.GetByText("All is ready").WaitForAsync();

        (await _page.EvaluateAsync<int>("localStorage.length")).ShouldBe(0);
        (await _page.EvaluateAsync<string>("document.cookie")).ShouldBeEmpty();
        await _page.ReloadAsync();
        await _page.GetByText("All is ready").WaitForAsync();
        await Button("Try the sample", _page).First.ClickAsync();
        await _page.GetByText("Done:").WaitForAsync();
        ShouldHaveNoComplaints("401");
    }

    [Fact]
    public async Task Key_WithoutTheScope_IsToldWhatIsMissing()
    {
        var key = await Console.CreateKeyAsync("models");
        await OpenAsync("speak", _page);
        await EnterAsync(key);
        await Button("Speak", _page).ClickAsync();

        var alert = _page.Locator("#page-speak").GetByRole(AriaRole.Alert);
        await alert.WaitForAsync();
        (await alert.InnerTextAsync()).ShouldSatisfyAllConditions(
            text => text.ShouldContain("scope"),
            text => text.ShouldContain("Ask for a key that may do this"));
        ShouldHaveNoComplaints("401", "403");
    }

    [Fact]
    public async Task Key_LiveStream_IsAskedForAndUsed()
    {
        var key = await Console.CreateKeyAsync("transcribe", "models");
        await OpenAsync("live", _page);
        await EnterAsync(key);
        await _page.GetByLabel("Sound from").WaitForAsync();
        await Button("Start", _page).ClickAsync();

        await Assertions.Expect(_page.Locator("#live-state")).ToHaveTextAsync("Live");
        await _page.Locator("#live-stop").ClickAsync();
        await Assertions.Expect(_page.Locator("#live-state")).ToHaveTextAsync("Ended");
        ShouldHaveNoComplaints("401");
    }

    private async Task EnterAsync(string key)
    {
        var dialog = _page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Key").FillAsync(key);
        await dialog.GetByLabel("Key").PressAsync("Enter");
    }
}
