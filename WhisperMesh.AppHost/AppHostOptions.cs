using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WhisperMesh.AppHost;

/// <summary>What the command line says.</summary>
internal sealed class AppHostOptions
{
    public const string PortHint =
        "Ports can be set: dotnet run --project WhisperMesh.AppHost -- "
        + "--http-port N --grpc-port N --dashboard-port N --otlp-port N --otlp-http-port N (0: any free one).";

    private static readonly Option<int?> Replicas = Number("--transcription-replicas", "How many transcription workers run.", 1, 64, 1);
    private static readonly Option<int?> Routers = Number("--router-replicas", "How many routers run; the first has the ports below.", 1, 16, 1);
    private static readonly Option<int?> Http = Port("--http-port", "The router's HTTP API.", 5080);
    private static readonly Option<int?> Grpc = Port("--grpc-port", "The router's gRPC API.", 5081);

    // Without a value the host's configuration counts: appsettings.json or the environment.
    private static readonly Option<int?> Dashboard = Port("--dashboard-port", "The dashboard's page (18888).", otherwise: null);
    private static readonly Option<int?> Otlp = Port("--otlp-port", "Where processes send their telemetry (18889).", otherwise: null);
    private static readonly Option<int?> OtlpHttp = Port("--otlp-http-port", "The same over HTTP, for other programs (18890).", otherwise: null);

    private static readonly Option<bool> Exit = new("--exit-after-self-test")
    {
        Description = "Stop after the self-test, with exit code 0 where it passed and 1 where it did not.",
    };

    /// <summary>How many transcription workers run.</summary>
    public required int TranscriptionReplicas { get; init; }

    /// <summary>How many routers run.</summary>
    public required int RouterReplicas { get; init; }

    /// <summary>Ends the AppHost with the self-test's result.</summary>
    public required bool ExitAfterSelfTest { get; init; }

    /// <summary>The router's HTTP port; null takes a free one.</summary>
    public required int? HttpPort { get; init; }

    /// <summary>The router's gRPC port; null takes a free one.</summary>
    public required int? GrpcPort { get; init; }

    /// <summary>The rest, as configuration for the host.</summary>
    public required string[] HostArguments { get; init; }

    /// <summary>Reads the command line; false with an exit code where it asks for help or is wrong, which has been printed.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out AppHostOptions? options, out int exitCode)
    {
        AppHostOptions? parsed = null;
        var command = new RootCommand("Starts the mesh on this machine: Redis, router, workers and dashboard.")
        {
            Replicas, Routers, Exit, Http, Grpc, Dashboard, Otlp, OtlpHttp,
        };
        command.SetAction(result => parsed = Read(result));
        exitCode = command.Parse(args).Invoke();
        options = parsed;
        return options is not null;
    }

    private static AppHostOptions Read(ParseResult result) => new()
    {
        TranscriptionReplicas = result.GetRequiredValue(Replicas)!.Value,
        RouterReplicas = result.GetRequiredValue(Routers)!.Value,
        ExitAfterSelfTest = result.GetValue(Exit),
        HttpPort = NullForZero(result.GetValue(Http)),
        GrpcPort = NullForZero(result.GetValue(Grpc)),
        HostArguments =
        [
            .. UrlArgument("ASPNETCORE_URLS", result.GetValue(Dashboard)),
            .. UrlArgument("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", result.GetValue(Otlp)),
            .. UrlArgument("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", result.GetValue(OtlpHttp)),
        ],
    };

    private static int? NullForZero(int? port) => port == 0 ? null : port;

    private static string[] UrlArgument(string key, int? port) =>
        port is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"--{key}=http://127.0.0.1:{port}")];

    private static Option<int?> Port(string name, string description, int? otherwise) => Number(name, description, 0, 65535, otherwise);

    private static Option<int?> Number(string name, string description, int least, int most, int? otherwise)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                {
                    return number;
                }

                result.AddError($"{name} is '{text}'; it takes a number from {least} to {most}.");
                return null;
            },
        };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => otherwise;
        }

        return option;
    }
}
