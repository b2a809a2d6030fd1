using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants.Api;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Tenants;

internal static class TenantServices
{
    private const long MaxJsonBytes = 64 * 1024;

    /// <summary>Adds keys, budgets and usage.</summary>
    public static IHostApplicationBuilder AddTenants(this IHostApplicationBuilder builder)
    {
        var services = builder.AddRedisLink().Services;
        services.AddOptionsWithValidateOnStart<KeyOptions>().BindConfiguration(KeyOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>());
        services.AddSingleton<IStartupTask, KeysStartupCheck>();
        services.AddSingleton<IMeshConfigurationCheck, TenantConfigurationCheck>();

        services.AddSingleton<TenantRedis>();
        services.AddSingleton<MeshClock>();
        services.TryAddSingleton<IKeyStore, RedisKeyStore>();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<KeyRequestReader>();
        services.AddSingleton<KeysEndpoint>();
        services.AddValidatedOptions<UsageOptions, UsageOptionsValidator>(UsageOptions.SectionName);
        services.AddSingleton<SharedBudgets>();
        services.AddSingleton<LocalBudgets>();
        services.AddSingleton<BudgetGate>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<UsageJournal>();
        services.AddSingleton<UsageLedger>();
        services.AddSingleton<UsageEndpoint>();
        services.AddSingleton<TenantMeter>();
        services.AddHostedService(provider =>
        {
            // It subscribes to Redis by being made, which has to happen before Redis is there.
            provider.GetRequiredService<KnownKeys>();
            return provider.GetRequiredService<TenantRedis>();
        });
        services.AddHostedService(provider => provider.GetRequiredService<MeshClock>());
        services.AddHostedService(provider => provider.GetRequiredService<BudgetGate>());
        services.AddHostedService(provider => provider.GetRequiredService<UsageLedger>());
        return builder;
    }

    public static void MapTenants(this WebApplication app)
    {
        var keys = app.MapGroup("/v1/admin/keys").RequireScope(Scopes.Admin);
        keys.MapPost("", (HttpContext context, [FromServices] KeysEndpoint endpoint) => endpoint.CreateAsync(context))
            .WithMetadata(new RequestSizeLimitAttribute(MaxJsonBytes))
            .WithName(OperationNames.CreateKey);
        keys.MapGet("", ([FromQuery] string? tenant, [FromServices] KeysEndpoint endpoint, CancellationToken cancellationToken) =>
                endpoint.ListAsync(tenant, cancellationToken))
            .WithName(OperationNames.ListKeys);
        keys.MapDelete("/{id}", (string id, HttpContext context, [FromServices] KeysEndpoint endpoint) => endpoint.RevokeAsync(id, context))
            .WithName(OperationNames.RevokeKey);

        app.MapGet("/v1/usage", (HttpContext context, [FromServices] UsageEndpoint endpoint) => endpoint.GetAsync(context))
            .RequireScope(Scopes.Usage, Scopes.Admin)
            .WithName(OperationNames.GetUsage);
    }
}
