using System.CommandLine;

namespace WhisperMesh.Cli.Hosting;

/// <summary>Has the ids of requests told, for <c>whispermesh explain</c>.</summary>
internal static class VerboseOption
{
    internal static Option<bool> Create(CliHost host)
    {
        var option = new Option<bool>("--verbose", "-v") { Description = "Says the id of each request, for whispermesh explain.", Recursive = true };
        option.Validators.Add(result => host.IsVerbose = result.GetValueOrDefault<bool>());
        return option;
    }
}
