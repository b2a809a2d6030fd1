using WhisperMesh.Router.Models;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>The mesh as this router sees it: itself as of now, the others as of their last report.</summary>
internal sealed class MeshView(
    RouterReports reports, DeclaredWorkers workers, WorkerPool pool, ModelCatalog catalog, TimeProvider time)
{
    private volatile Reported _reported = new(null, []);

    /// <summary>Takes in what the last beat told.</summary>
    public void Take(RouterReport own, IReadOnlyList<RouterReport> others) => _reported = new Reported(own, others);

    /// <param name="tenant">Whose live sessions are shown to who is no operator.</param>
    /// <param name="forOperator">Whether everything is shown.</param>
    public MeshObject Show(string tenant, bool forOperator)
    {
        var reported = _reported;
        var own = reports.Now();
        if (reported.Own is { } before)
        {
            own = own with { Health = own.Health == "draining" ? own.Health : before.Health, Problems = before.Problems };
        }

        RouterReport[] routers = [own, .. reported.Others];
        var standings = pool.Standings().ToDictionary(standing => standing.WorkerId, StringComparer.Ordinal);
        return new MeshObject
        {
            Router = own.Id,
            Time = time.GetUtcNow(),
            Operator = forOperator,
            Routers = [.. routers.Select(router => Reduce(router, forOperator))],
            Workers = [.. workers.Workers.Select(lease => WorkerObject.Of(lease, standings.GetValueOrDefault(lease.WorkerId), forOperator))],
            Models = [.. catalog.List().Select(entry => ModelOf(entry.Model))],
            LiveSessions =
            [
                .. routers.SelectMany(router => router.LiveSessions ?? [])
                    .Where(session => forOperator || session.Tenant == tenant)
                    .OrderBy(session => session.StartedAt),
            ],
        };
    }

    private static RouterReport Reduce(RouterReport router, bool forOperator) => router with
    {
        LiveSessions = null,
        Address = forOperator ? router.Address : null,
        Problems = forOperator ? router.Problems : [],
    };

    private static MeshModel ModelOf(Model model) => new(
        model.Id,
        WorkerModelObject.KindOf(model.Kind),
        [.. model.Aliases],
        [.. model.LanguageCodes],
        [.. model.Voices.Select(voice => new MeshVoice(voice.Id, voice.LanguageCode, voice.Description))],
        model.WorkerCount);

    private sealed record Reported(RouterReport? Own, IReadOnlyList<RouterReport> Others);
}
