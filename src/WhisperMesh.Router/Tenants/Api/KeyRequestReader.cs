using System.Text.Json;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Api;

/// <summary>Reads what is asked of a new key; what cannot be honoured is refused by name.</summary>
internal sealed class KeyRequestReader(MeshClock clock)
{
    private const int MaxNameLength = 100;

    public async Task<KeyRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Also keeps web pages from sending one unasked: this content type is not among those that need no consent.
        if (!request.HasJsonContentType())
        {
            throw ApiException.UnsupportedMediaType("The request must be application/json.");
        }

        try
        {
            var read = await request.ReadFromJsonAsync(TenantJson.Default.KeyRequest, cancellationToken);
            return Check(read ?? throw ApiException.BadRequest(null, "The body must be a JSON object.", "invalid_json"));
        }
        catch (JsonException e)
        {
            var path = e.Path is { Length: > 2 } found && found.StartsWith("$.", StringComparison.Ordinal) ? found[2..] : null;
            throw path is null
                ? ApiException.BadRequest(null, "The body is not valid JSON, or names what is not known, or names a property twice.", "invalid_json")
                : ApiException.BadRequest(path, $"'{RequestChecks.Shortened(path)}' is not known, or has a value of the wrong type.");
        }
    }

    private KeyRequest Check(KeyRequest request)
    {
        if (request.Tenant is null)
        {
            throw ApiException.Missing("tenant");
        }

        if (!TenantIds.IsValid(request.Tenant))
        {
            throw ApiException.BadRequest("tenant", $"'tenant' must have {TenantIds.Form}.");
        }

        if (request.Name is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl)))
        {
            throw ApiException.BadRequest("name", $"'name' must have 1 to {MaxNameLength} characters without line breaks.");
        }

        if (request.Scopes is { } scopes && (scopes.Count == 0 || scopes.Except(Scopes.All).Any()))
        {
            throw ApiException.BadRequest("scopes", $"'scopes' must be one or more of {string.Join(", ", Scopes.All)}.");
        }

        if (request.ExpiresAt is { } end && end <= clock.UtcNow)
        {
            throw ApiException.BadRequest("expires_at", "'expires_at' is in the past.");
        }

        if (request.Budgets is { } budgets
            && BudgetChecks.Check(budgets, JsonNamingPolicy.SnakeCaseLower.ConvertName).FirstOrDefault() is { Field: { } field } error)
        {
            throw ApiException.BadRequest($"budgets.{field}", $"'budgets.{field}' {error.Error}");
        }

        return request;
    }
}
