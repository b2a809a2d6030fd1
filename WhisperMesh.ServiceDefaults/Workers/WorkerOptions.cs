using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>What a worker's operator says of it for routers to go by, section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Worker";

    /// <summary>Names and values such as zone or hardware, as <c>Worker:Labels:zone=cellar</c>; routes can ask for them.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Share of the work beside other workers.</summary>
    [Range(0.001, 1000)]
    public double Weight { get; set; } = 1;

    /// <summary>Workers of a higher tier are asked only when those of a lower one are full or none of them is left.</summary>
    [Range(0, 100)]
    public int Tier { get; set; }

    /// <summary>Languages that it is meant for, BCP-47: it is preferred for them and serves no others. Empty: all that its models know.</summary>
    public IList<string> Languages { get; } = [];

    /// <summary>Adds it to what the worker can do.</summary>
    /// <exception cref="StartupException">It is meant for a language that it does not know.</exception>
    internal WorkerCapabilities Describe(WorkerCapabilities capabilities)
    {
        var known = capabilities.Models.SelectMany(model => model.Model.LanguageCodes).Select(Primary).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (known.Count > 0 && Languages.Where(code => !known.Contains(Primary(code))).ToList() is { Count: > 0 } unknown)
        {
            throw new StartupException(
                [.. unknown.Select(code => $"Worker:Languages: no model of this worker knows the language '{code}'.")]);
        }

        capabilities.Weight = Weight;
        capabilities.Tier = Tier;
        capabilities.Labels.Add(Labels);
        capabilities.DedicatedLanguageCodes.AddRange(Languages.Distinct(StringComparer.OrdinalIgnoreCase));
        return capabilities;
    }

    private static string Primary(string code) => code.Split('-', 2)[0];
}

[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;

/// <summary>What no range can say.</summary>
internal sealed partial class WorkerWordsValidator : IValidateOptions<WorkerOptions>
{
    private const int MaxLength = 100;

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        string[] errors =
        [
            .. options.Languages
                .Select((code, index) => (code, index))
                .Where(each => !LanguageCode().IsMatch(each.code))
                .Select(each => $"Worker:Languages:{each.index}: '{each.code}' is no language code such as \"en\" or \"pt-BR\"."),
            .. options.Labels
                .Where(label => label.Key.Length > MaxLength || label.Value is not { Length: > 0 and <= MaxLength })
                .Select(label => $"Worker:Labels:{label.Key}: name and value must have 1 to {MaxLength} characters."),
        ];
        return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex LanguageCode();
}
