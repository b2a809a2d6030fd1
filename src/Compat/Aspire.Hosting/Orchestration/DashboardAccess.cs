using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Who may see and feed the dashboard. As in Aspire a token guards its page and a key its receiver, both made for the run unless they are
/// set; in development, where all listens on loopback, neither is asked for unless one is set.
/// </summary>
internal sealed record DashboardAccess(string? BrowserToken, string? OtlpKey)
{
    public const string BrowserTokenKey = "AppHost:BrowserToken";
    public const string OtlpKeyKey = "AppHost:OtlpApiKey";
    public const string AnonymousKey = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";

    /// <summary>Between this process and the dashboard; always asked for.</summary>
    public string ResourceServiceKey { get; } = NewKey();

    public static DashboardAccess Create(IConfiguration configuration, IHostEnvironment environment)
    {
        var anonymous = environment.IsDevelopment() || configuration.GetValue(AnonymousKey, false);
        return new DashboardAccess(Setting(BrowserTokenKey), Setting(OtlpKeyKey));

        string? Setting(string key) => configuration[key] is { Length: > 0 } set ? set : anonymous ? null : NewKey();
    }

    /// <summary>The dashboard's side of it, as variables.</summary>
    public void AddTo(Dictionary<string, object> variables)
    {
        variables["Dashboard__Frontend__AuthMode"] = BrowserToken is null ? "Unsecured" : "BrowserToken";
        variables["Dashboard__Otlp__AuthMode"] = OtlpKey is null ? "Unsecured" : "ApiKey";
        variables["Dashboard__ResourceServiceClient__ApiKey"] = ResourceServiceKey;
        if (BrowserToken is not null)
        {
            variables["Dashboard__Frontend__BrowserToken"] = BrowserToken;
        }

        if (OtlpKey is not null)
        {
            variables["Dashboard__Otlp__PrimaryApiKey"] = OtlpKey;
        }
    }

    // Hexadecimal needs no escape in an address, a header or a variable.
    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
