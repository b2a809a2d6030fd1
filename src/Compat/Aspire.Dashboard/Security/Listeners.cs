using Aspire.Dashboard.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aspire.Dashboard.Security;

/// <summary>What a port is for. Each endpoint answers on its own ports only: whoever may send must not by that be able to look.</summary>
internal enum Listener
{
    Page,
    OtlpGrpc,
    OtlpHttp,
}

/// <summary>Says on which port a connection came in.</summary>
internal sealed record ListenerFeature(Listener Listener);

internal static class ListenerExtensions
{
    public static void ListenOn(this KestrelServerOptions kestrel, DashboardAddresses addresses)
    {
        foreach (var page in addresses.Page)
        {
            Listen(kestrel, page, Listener.Page, HttpProtocols.Http1);
        }

        // gRPC without TLS needs HTTP/2 from the first byte, so it can't share a port with the others.
        Listen(kestrel, addresses.OtlpGrpc, Listener.OtlpGrpc, HttpProtocols.Http2);
        Listen(kestrel, addresses.OtlpHttp, Listener.OtlpHttp, HttpProtocols.Http1);
    }

    /// <summary>Limits endpoints to the ports of one kind.</summary>
    public static TBuilder On<TBuilder>(this TBuilder endpoints, Listener listener)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new ListenerFeature(listener));

    public static Listener GetListener(this HttpContext http) => http.Features.Get<ListenerFeature>()?.Listener ?? Listener.Page;

    /// <summary>Answers as if there were nothing where an endpoint is asked for on another's port.</summary>
    public static void UseListeners(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var wanted = http.GetEndpoint()?.Metadata.GetMetadata<ListenerFeature>();
        if (wanted is null || wanted.Listener == http.GetListener())
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, Listener listener, HttpProtocols protocols) =>
        kestrel.Listen(DashboardAddresses.EndPointOf(address), listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ListenerFeature(listener));
                return next(connection);
            });
        });
}
