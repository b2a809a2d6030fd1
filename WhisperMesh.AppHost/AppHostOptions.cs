using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WhisperMesh.AppHost;

/// <summary>What the command line says.</summary>
internal sealed class AppHostOptions
{
    public const string PortHint =
        "Ports can be set: dotnet run --project WhisperMesh.AppHost -- --http-port N --grpc-port N --dashboard-port N --otlp-port N (0: any free one).";

    private static readonly Option<int> Replicas = new("--transcription-replicas")
    {
        Description = "How many transcription workers run.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Exit = new("--exit-after-self-test")
    {
        Description = "Stop after the self-test, with exit code 0 where it passed and 1 where it did not.",
    };

    private static readonly Option<int> Http = PortOption("--http-port", "The router's HTTP API.", 5080);
    private static readonly Option<int> Grpc = PortOption("--grpc-port", "The router's gRPC API.", 5081);
    private static readonly Option<int?> Dashboard = DashboardPortOption("--dashboard-port", "The dashboard's page (18888).");
    private static readonly Option<int?> Otlp = DashboardPortOption("--otlp-port", "Where processes send their telemetry (18889).");

    /// <summary>How many transcription workers run.</summary>
    public required int TranscriptionReplicas { get; init; }

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
            Replicas, Exit, Http, Grpc, Dashboard, Otlp,
        };
        command.SetAction(result => parsed = Read(result));
        exitCode = command.Parse(args).Invoke();
        options = parsed;
        return options is not null;
    }

    private static AppHostOptions Read(ParseResult result) => new()
    {
        TranscriptionReplicas = result.GetValue(Replicas),
        ExitAfterSelfTest = result.GetValue(Exit),
        HttpPort = NullForZero(result.GetValue(Http)),
        GrpcPort = NullForZero(result.GetValue(Grpc)),
        HostArguments =
        [
            .. UrlArgument("ASPNETCORE_URLS", result.GetValue(Dashboard)),
            .. UrlArgument("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", result.GetValue(Otlp)),
        ],
    };

    private static int? NullForZero(int port) => port == 0 ? null : port;

    private static string[] UrlArgument(string key, int? port) =>
        port is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"--{key}=http://127.0.0.1:{port}")];

    private static Option<int> PortOption(string name, string description, int otherwise)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result => Validate(name, result.GetValueOrDefault<int>(), result.AddError));
        return option;
    }

    // Without a value the host's configuration counts: appsettings.json or the environment.
    private static Option<int?> DashboardPortOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result => Validate(name, result.GetValueOrDefault<int?>() ?? 0, result.AddError));
        return option;
    }

    private static void Validate(string name, int port, Action<string> addError)
    {
        if (port is < 0 or > 65535)
        {
            addError($"{name} is {port}; a port is 1 to 65535, or 0 for any free one.");
        }
    }

    static AppHostOptions() => Replicas.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is < 1 or > 64)
        {
            result.AddError("--transcription-replicas is 1 to 64.");
        }
    });
}
