using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Console.Mesh;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Console;

/// <summary>The console at <c>/</c>, and what it shows of the mesh.</summary>
internal static class ConsoleEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddValidatedOptions<ConsoleOptions, ConsoleOptionsValidator>(ConsoleOptions.SectionName);
        services.AddSingleton<RecentRequests>();
        services.AddSingleton<RouterReports>();
        services.AddSingleton<RouterIdentity>();
        services.AddHostedService<RouterReporter>();
        services.AddSingleton<MeshView>();
        return services;
    }

    public static void MapConsole(this WebApplication app)
    {
        // The pages hold nothing of the mesh: what they show they ask for with the key of whoever looks.
        app.MapMethods("/", Reading, (HttpContext context) => WebFiles.Send(context, "index.html"))
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapMethods("/console/{**path}", Reading, (HttpContext context, string? path) => WebFiles.Send(context, $"console/{path}"))
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapGet("/v1/mesh", (HttpContext context, [FromServices] MeshView view) => MeshEndpoint.Get(context, view))
            .RequireScope(Scopes.Operate, Scopes.Admin, Scopes.Models)
            .WithName(OperationNames.GetMesh);
    }
}
