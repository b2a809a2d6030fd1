using System.Security.Cryptography;

namespace Aspire.Dashboard.Configuration;

/// <summary>
/// Who may look and who may send, by the official dashboard's settings. The page asks for a token unless it is open to loopback only and
/// the environment is Development; the receiver asks for a key where one is set, and beyond loopback must have one.
/// </summary>
/// <param name="BrowserToken">What a visitor shows at login; null: nothing is asked for.</param>
/// <param name="OtlpKeys">What a sender shows; empty: nothing is asked for.</param>
internal sealed record DashboardAccess(string? BrowserToken, IReadOnlyList<string> OtlpKeys)
{
    public const string AnonymousVariable = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";
    public const string FrontendModeSetting = "Dashboard:Frontend:AuthMode";
    public const string BrowserTokenSetting = "Dashboard:Frontend:BrowserToken";
    public const string OtlpModeSetting = "Dashboard:Otlp:AuthMode";
    public const string PrimaryKeySetting = "Dashboard:Otlp:PrimaryApiKey";
    public const string SecondaryKeySetting = "Dashboard:Otlp:SecondaryApiKey";

    private const string Unsecured = "Unsecured";
    private const int ShortestSecret = 16;

    /// <exception cref="DashboardConfigurationException">Says what is wrong with which setting.</exception>
    public static DashboardAccess Read(IConfiguration configuration, DashboardAddresses addresses, bool isDevelopment)
    {
        var anonymous = configuration.GetValue(AnonymousVariable, false);
        return new DashboardAccess(
            ReadToken(configuration, anonymous || (isDevelopment && addresses.IsPageLoopback)),
            ReadKeys(configuration, anonymous, addresses.IsOtlpLoopback));
    }

    private static string? ReadToken(IConfiguration configuration, bool openByDefault)
    {
        var token = Secret(configuration, BrowserTokenSetting);
        var mode = Mode(configuration, FrontendModeSetting, "BrowserToken") ?? (openByDefault && token is null ? Unsecured : "BrowserToken");
        return mode == Unsecured ? null : token ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    private static string[] ReadKeys(IConfiguration configuration, bool anonymous, bool isLoopback)
    {
        string[] keys = [.. new[] { PrimaryKeySetting, SecondaryKeySetting }.Select(setting => Secret(configuration, setting)).OfType<string>()];
        var mode = Mode(configuration, OtlpModeSetting, "ApiKey");
        if (mode == Unsecured || (mode is null && keys.Length == 0 && (anonymous || isLoopback)))
        {
            return [];
        }

        return keys.Length > 0
            ? keys
            : throw new DashboardConfigurationException(mode is null
                ? $"Whoever reaches the OTLP addresses could send telemetry. Set {PrimaryKeySetting}, or {OtlpModeSetting}={Unsecured} to allow it."
                : $"{OtlpModeSetting} is {mode}, but there is no {PrimaryKeySetting}.");
    }

    private static string? Mode(IConfiguration configuration, string setting, string secured) => configuration[setting] switch
    {
        null or "" => null,
        var mode when mode.Equals(secured, StringComparison.OrdinalIgnoreCase) => secured,
        var mode when mode.Equals(Unsecured, StringComparison.OrdinalIgnoreCase) => Unsecured,
        var mode => throw new DashboardConfigurationException($"{setting} is '{mode}'; it can be {secured} or {Unsecured}."),
    };

    private static string? Secret(IConfiguration configuration, string setting) => configuration[setting] switch
    {
        null or "" => null,
        { Length: < ShortestSecret } => throw new DashboardConfigurationException($"{setting} has fewer than {ShortestSecret} characters."),
        var secret => secret,
    };
}
