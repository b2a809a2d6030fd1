using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Redis;

/// <summary>
/// Chooses the server and says how to run it: loopback only, nothing kept, and the password neither in its arguments, which every user
/// of the machine can read, nor in a file that stays.
/// </summary>
internal static class RedisServers
{
    private const string Auto = "auto";
    private const string RedisServer = "redis-server";
    private const string Garnet = "garnet";

    public static ProcessSpec Plan(RedisResource redis, ResourceInstance instance, string? wanted, string appHostDirectory)
    {
        var port = instance.PortOf(RedisResource.EndpointName);
        var path = wanted is Garnet ? null : FindOnPath(RedisServer);
        return (wanted ?? Auto) switch
        {
            Auto or RedisServer when path is not null => PlanRedis(path, port, redis.Password),
            Auto or Garnet => PlanGarnet(port, redis.Password, appHostDirectory),
            RedisServer => throw new DistributedApplicationException($"Redis:Server is {RedisServer}, but none is on the PATH."),
            _ => throw new DistributedApplicationException($"Redis:Server is '{wanted}'; it can be {Auto}, {RedisServer} or {Garnet}."),
        };
    }

    private static ProcessSpec PlanRedis(string path, int port, string password) => new(path, ["-"], Path.GetTempPath())
    {
        Input = string.Create(CultureInfo.InvariantCulture, $"""
            bind {ResourceInstance.Host}
            port {port}
            requirepass {password}
            save ""
            appendonly no
            daemonize no
            loglevel warning

            """),
    };

    private static ProcessSpec PlanGarnet(int port, string password, string appHostDirectory)
    {
        var root = FindToolManifest(appHostDirectory);
        var config = new Dictionary<string, object>
        {
            ["Address"] = ResourceInstance.Host,
            ["Port"] = port,
            ["AuthenticationMode"] = "Password",
            ["Password"] = password,
            ["EnableLua"] = true,

            // Without it the commands of two scripts may interleave.
            ["LuaTransactionMode"] = true,

            // The defaults suit a server of its own; here it holds a few keys beside the models.
            ["MemorySize"] = "128m",
            ["PageSize"] = "4m",
            ["IndexSize"] = "16m",
        };
        return new ProcessSpec(
            ProcessPlanner.DotNet,
            ["tool", "run", "garnet-server", "--", "--config-import-path", Watchdog.Request.SecretFilePlaceholder],
            root)
        {
            SecretFile = JsonSerializer.Serialize(config),
            Before = new ProcessSpec(ProcessPlanner.DotNet, ["tool", "restore"], root)
            {
                Hint = "It fetches Garnet, since there is no redis-server on the PATH: "
                    + "install Redis, or see that the package feed can be reached.",
            },
        };
    }

    private static string FindToolManifest(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ".config", "dotnet-tools.json")))
            {
                return folder.FullName;
            }
        }

        throw new DistributedApplicationException(
            $"There is no redis-server on the PATH, and no tool manifest (.config/dotnet-tools.json) with garnet-server above {from}. "
            + "Install Redis.");
    }

    private static string? FindOnPath(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
