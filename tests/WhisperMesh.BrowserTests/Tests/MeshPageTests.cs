using Microsoft.Playwright;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.BrowserTests.Tests;

public sealed class MeshPageTests(BrowserMesh mesh) : PageTest(mesh)
{
    [Fact]
    public async Task Mesh_Shown_HasWorkersModelsAndRoutersAndGoesWithTheTime()
    {
        await OpenAsync("mesh");

        await Page.GetByRole(AriaRole.Heading, new() { Name = "Workers" }).WaitForAsync();
        await Assertions.Expect(Table("Workers").Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(Table("Routers").Locator("tbody tr")).ToHaveCountAsync(2);
        (await Table("Models").InnerTextAsync()).ShouldContain("whisper-base");

        var served = Page.Locator(".summary div", new() { HasText = "Served" }).Locator("dd");
        var before = int.Parse(await served.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await Mesh.TextOfAsync(await File.ReadAllBytesAsync(Recordings.English[0].Path, TestContext.Current.CancellationToken), "one.wav");
        await Assertions.Expect(served).ToHaveTextAsync($"{before + 1}");
        await ShootAsync("mesh");
        ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Mesh_RouterAway_SaysSoOnceAndRecovers()
    {
        await OpenAsync("mesh");
        await Table("Workers").WaitForAsync();
        await Page.RouteAsync("**/v1/mesh", route => route.AbortAsync());

        await Page.GetByRole(AriaRole.Alert).GetByText("The router does not answer.").WaitForAsync();
        (await Page.Locator("#mesh-state").InnerTextAsync()).ShouldContain("old");
        await ShootAsync("mesh-away");

        await Page.UnrouteAsync("**/v1/mesh");
        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        ShouldHaveNoComplaints("ERR_FAILED");
    }

    private ILocator Table(string name) => Page.GetByRole(AriaRole.Table, new() { Name = name, Exact = true });
}
