namespace Aspire.Dashboard.Pages;

/// <summary>Asks for the token that was printed when the dashboard started.</summary>
internal static class LoginPage
{
    public static Markup Render(string returnUrl, bool wrong) => Layout.Frame("Log in", Markup.Empty, Markup.Of($"""
        <main class="login" id="main">
        <h1>Log in</h1>
        <p>The token is in the line that was printed when the dashboard started: <span class="mono">/login?t=…</span></p>
        {(wrong ? Markup.Of($"""<p class="bad" role="alert">That is not the token.</p>""") : Markup.Empty)}
        <form method="post" action="/login">
        {FilterForm.Hidden("returnUrl", returnUrl)}
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button type="submit">Log in</button>
        </form>
        </main>
        """));
}
