using System.Net;

namespace Aspire.Dashboard.Configuration;

/// <summary>Where the page and the receiver listen, from the official dashboard's environment variables.</summary>
internal sealed record DashboardAddresses(IReadOnlyList<BindingAddress> Page, BindingAddress Otlp)
{
    public const string PageVariable = "ASPNETCORE_URLS";
    public const string OtlpVariable = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string AnonymousVariable = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";

    private const string DefaultPage = "http://127.0.0.1:18888";
    private const string DefaultOtlp = "http://127.0.0.1:18889";

    /// <summary>True when no other machine can connect.</summary>
    public bool IsLoopback => Page.Append(Otlp).All(address => IsLoopbackHost(address.Host));

    /// <exception cref="DashboardConfigurationException">Says what is wrong with which variable.</exception>
    public static DashboardAddresses Read(IConfiguration configuration)
    {
        // ASP.NET Core strips its prefix and calls the setting "urls".
        var page = configuration["urls"] is { Length: > 0 } urls ? urls : DefaultPage;
        var addresses = new DashboardAddresses(
            [.. page.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => Parse(url, PageVariable))],
            Parse(configuration[OtlpVariable] is { Length: > 0 } otlp ? otlp : DefaultOtlp, OtlpVariable));
        if (!addresses.IsLoopback && !configuration.GetValue(AnonymousVariable, false))
        {
            throw new DashboardConfigurationException(
                $"The dashboard has no login. To listen on more than loopback all the same, set {AnonymousVariable}=true.");
        }

        return addresses;
    }

    /// <summary>The address for Kestrel; names other than localhost mean any address, as they do for ASP.NET Core.</summary>
    public static IPEndPoint EndPointOf(BindingAddress address)
    {
        var ip = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(address.Host, out var parsed) ? parsed
            : IPAddress.IPv6Any;
        return new IPEndPoint(ip, address.Port);
    }

    private static BindingAddress Parse(string url, string variable)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new DashboardConfigurationException($"{variable}: '{url}' is not an address such as {DefaultPage}.");
        }

        return address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false, PathBase: "" }
            ? address
            : throw new DashboardConfigurationException(
                $"{variable}: '{url}' is not a plain http address; the dashboard has no TLS and no base path.");
    }

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>The dashboard can't start as it is configured.</summary>
internal sealed class DashboardConfigurationException(string message) : Exception(message);
