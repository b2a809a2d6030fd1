using System.Net;

namespace Aspire.Dashboard.Configuration;

/// <summary>Where the page and the two receivers listen, from the official dashboard's environment variables.</summary>
internal sealed record DashboardAddresses(IReadOnlyList<BindingAddress> Page, BindingAddress OtlpGrpc, BindingAddress OtlpHttp)
{
    public const string PageVariable = "ASPNETCORE_URLS";
    public const string OtlpGrpcVariable = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string OtlpHttpVariable = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    private const string DefaultPage = "http://127.0.0.1:18888";
    private const string DefaultOtlpGrpc = "http://127.0.0.1:18889";
    private const string DefaultOtlpHttp = "http://127.0.0.1:18890";

    /// <summary>True when no other machine can open the page.</summary>
    public bool IsPageLoopback => Page.All(IsLoopback);

    /// <summary>True when no other machine can send telemetry.</summary>
    public bool IsOtlpLoopback => IsLoopback(OtlpGrpc) && IsLoopback(OtlpHttp);

    /// <exception cref="DashboardConfigurationException">Says what is wrong with which variable.</exception>
    public static DashboardAddresses Read(IConfiguration configuration)
    {
        // ASP.NET Core strips its prefix and calls the setting "urls".
        var page = configuration["urls"] is { Length: > 0 } urls ? urls : DefaultPage;
        return new DashboardAddresses(
            [.. page.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => Parse(url, PageVariable))],
            Parse(configuration[OtlpGrpcVariable] is { Length: > 0 } grpc ? grpc : DefaultOtlpGrpc, OtlpGrpcVariable),
            Parse(configuration[OtlpHttpVariable] is { Length: > 0 } http ? http : DefaultOtlpHttp, OtlpHttpVariable));
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

    private static bool IsLoopback(BindingAddress address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>The dashboard can't start as it is configured.</summary>
internal sealed class DashboardConfigurationException(string message) : Exception(message);
