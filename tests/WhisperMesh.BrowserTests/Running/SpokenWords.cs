using Microsoft.Playwright;

namespace WhisperMesh.BrowserTests.Running;

/// <summary>The words that a page marks while a recording plays; each is marked for a moment only, so all are noted.</summary>
internal sealed class SpokenWords(IPage page)
{
    /// <summary>Begins to note.</summary>
    internal Task WatchAsync() => page.EvaluateAsync(
        """
        () => {
          window.spoken = [];
          new MutationObserver(() => {
            const index = [...document.querySelectorAll(".word")].findIndex((word) => word.classList.contains("spoken"));
            if (index >= 0 && window.spoken.at(-1) !== index) window.spoken.push(index);
          }).observe(document.getElementById("file-segments"), { subtree: true, attributes: true, attributeFilter: ["class"] });
        }
        """);

    /// <summary>Waits until a word or one after it was marked, and says which were, from 0.</summary>
    internal async Task<int[]> UntilAsync(int index)
    {
        await page.WaitForFunctionAsync("index => window.spoken.some((each) => each >= index)", index);
        return await page.EvaluateAsync<int[]>("window.spoken");
    }
}
