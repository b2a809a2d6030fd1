using Microsoft.OpenApi;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schema of the mesh.</summary>
internal static class MeshSchemas
{
    public static OpenApiSchema Mesh() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["object"] = Choice(null, "mesh"),
            ["router"] = Text("Router that answers."),
            ["time"] = Text("When."),
            ["operator"] = Flag("Whether the caller sees all: with scope operate or admin, or where no keys are asked for."),
            ["routers"] = List("The routers: the one that answers, then those that report through Redis.", Router()),
            ["workers"] = List("The workers.", Worker()),
            ["models"] = List("The models that requests can name.", Model()),
            ["live_sessions"] = List("The caller's live sessions; for an operator everybody's.", LiveSession()),
        },
        "object", "router", "time", "operator", "routers", "workers", "models", "live_sessions");

    private static OpenApiSchema Router() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("New at each start."),
            ["address"] = Text("Where its HTTP API listens; for operators."),
            ["version"] = Text("Version of its program."),
            ["started_at"] = Text("When it started."),
            ["reported_at"] = Text("When it told this."),
            ["health"] = Choice(null, "healthy", "degraded", "unhealthy", "draining"),
            ["problems"] = List("What is not well, in sentences; for operators.", Text(null)),
            ["redis"] = Choice("Whether Redis answers it.", "up", "down", "none"),
            ["waiting"] = Object(new Dictionary<string, IOpenApiSchema>
            {
                ["live"] = Integer("Live requests that wait for a worker."),
                ["interactive"] = Integer("Interactive ones."),
                ["bulk"] = Integer("Bulk ones."),
                ["oldest_seconds"] = Number("How long the oldest has waited."),
            }),
            ["running"] = Integer("Requests at workers."),
            ["recent"] = Object(new Dictionary<string, IOpenApiSchema>
            {
                ["seconds"] = Integer("How far back it goes."),
                ["served"] = Integer("Requests that ended well."),
                ["failed"] = Integer("That ended with an error."),
                ["cancelled"] = Integer("That their callers gave up."),
                ["refused"] = Integer("That were not let through."),
                ["worker_failures"] = Integer("Tries at workers that died or failed; most are made good by another try."),
            }),
        },
        "id", "version", "started_at", "reported_at", "health", "problems", "redis", "waiting", "running", "recent");

    private static OpenApiSchema Worker() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("New at each start."),
            ["state"] = Choice("Paused after a failure, ejected after many.", "serving", "draining", "paused", "ejected"),
            ["device"] = Text("What its models run on; external: another's API."),
            ["version"] = Text("Version of its program."),
            ["started_at"] = Text("When it started."),
            ["active"] = Integer("Requests that it works on."),
            ["waiting"] = Integer("Requests in its own queue."),
            ["capacity"] = Integer("Requests that it works on at once."),
            ["queue_limit"] = Integer("Requests that may wait there."),
            ["completed"] = Integer("Requests ended since its start."),
            ["audio_seconds"] = Number("Audio read or made since its start."),
            ["languages"] = List("Languages that it is kept for; none: all.", Text(null)),
            ["labels"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What its operator says of it; for operators.",
                AdditionalProperties = Text(null),
            },
            ["models"] = List("Its models.", WorkerModel()),
        },
        "id", "state", "device", "version", "active", "waiting", "capacity", "queue_limit", "completed", "audio_seconds", "languages", "models");

    private static OpenApiSchema WorkerModel() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("Its id."),
            ["kind"] = Choice(null, "transcription", "synthesis"),
            ["default"] = Flag("Whether it serves requests that name none."),
            ["state"] = Choice(null, "cold", "loading", "ready", "failed"),
            ["load_progress"] = Number("How much of it is in memory, 0 to 1."),
            ["failure"] = Text("Why it could not be loaded; for operators."),
            ["memory_bytes"] = Integer("Memory that it takes; absent where that is not told."),
            ["audio_seconds_per_second"] = Number("How fast it is; absent where that was not measured yet."),
        },
        "id", "kind", "default", "state", "load_progress");

    private static OpenApiSchema Model() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("Its id."),
            ["kind"] = Choice(null, "transcription", "synthesis"),
            ["aliases"] = List("Other names of it.", Text(null)),
            ["languages"] = List("Languages that it knows.", Text(null)),
            ["voices"] = List("Its voices, the default first.", Object(
                new Dictionary<string, IOpenApiSchema>
                {
                    ["id"] = Text("Its id."),
                    ["language"] = Text("Language that it speaks."),
                    ["description"] = Text("Where it comes from."),
                },
                "id", "language", "description")),
            ["workers"] = Integer("Workers that serve it; 0: only a fallback does."),
        },
        "id", "kind", "aliases", "languages", "voices", "workers");

    private static OpenApiSchema LiveSession() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("Its request id."),
            ["tenant"] = Text("Whose it is."),
            ["router"] = Text("Router that has it."),
            ["caption_name"] = Text("Name under which it is published; empty: it is not."),
            ["started_at"] = Text("When it began."),
            ["worker"] = Text("Worker that serves it; empty while there is none."),
            ["model"] = Text("Model that serves it."),
            ["language"] = Text("Language of the last words; empty before the first."),
            ["received_seconds"] = Number("Audio received."),
            ["lag_seconds"] = Number("Audio that waits for its words."),
            ["busy"] = Flag("Whether its worker has less time for it than it should."),
            ["connected"] = Flag("Whether its client is connected."),
        },
        "id", "tenant", "router", "caption_name", "started_at", "worker", "model", "language", "received_seconds", "lag_seconds", "busy", "connected");

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };
}
