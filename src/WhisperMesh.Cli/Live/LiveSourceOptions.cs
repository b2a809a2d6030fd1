using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Cli.Live.Sources;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live;

/// <summary>Where the audio comes from: what the argument and its options are called, and what they ask for.</summary>
internal sealed class LiveSourceOptions
{
    private const string StandardInput = "-";

    private readonly Argument<string?> _source = new("SOURCE")
    {
        Description = "A file, sent as if it were being spoken, or - for headerless samples on standard input; the microphone when absent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _device = new("--device")
    {
        Description = "Microphone to record from, as the recorder calls it: arecord, parec, pw-record, rec or ffmpeg, whichever is installed.",
        HelpName = "name",
    };

    private readonly Option<double?> _speed = new("--speed")
    {
        Description = "How fast a file is sent: 1, the default, as it is spoken; 0 as fast as it is heard.",
        HelpName = "factor",
    };

    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "Samples per second on standard input; 16000 when absent.",
        HelpName = "hertz",
    };

    private readonly Option<string?> _encoding = new("--encoding") { Description = "Samples on standard input; s16le when absent." };
    private readonly Option<int?> _channels = new("--channels") { Description = "Channels on standard input; 1 when absent.", HelpName = "number" };

    internal LiveSourceOptions() => _encoding.AcceptOnlyFromAmong([.. SampleFormats.ByName.Keys]);

    internal Argument Argument => _source;

    internal IEnumerable<Option> All => [_device, _speed, _rate, _encoding, _channels];

    /// <summary>How fast it is sent: 1 for what comes as it is spoken anyway.</summary>
    internal double Speed(ParseResult parsed) => parsed.GetValue(_speed) ?? 1;

    /// <summary>A source that comes as it is spoken needs no pace.</summary>
    internal Pace Pace(ParseResult parsed, CliHost host) => new(IsFile(parsed) ? Speed(parsed) : 0, host.Time);

    internal LiveSource Create(ParseResult parsed, CliHost host)
    {
        var source = parsed.GetValue(_source);
        Refuse(parsed, _device, source is null, "a microphone");
        Refuse(parsed, _speed, IsFile(parsed), "a file");
        foreach (var option in new Option[] { _rate, _encoding, _channels })
        {
            Refuse(parsed, option, source == StandardInput, "standard input");
        }

        if (parsed.GetValue(_speed) is { } speed && !(speed is >= 0 and <= 100))
        {
            throw new UsageException("--speed is a factor from 0 to 100");
        }

        return source switch
        {
            null => Microphone.Create(parsed.GetValue(_device), host),
            StandardInput => new LiveSource(
                Format(parsed), _ => Task.FromResult<IOpenedAudio>(new PlainAudio(host.OpenInput()))),
            _ when source[0] == '-' && !File.Exists(source) => throw new UsageException($"'{source}' is neither an option nor a file"),
            _ => FileAudio.Create(source, host),
        };
    }

    private bool IsFile(ParseResult parsed) => parsed.GetValue(_source) is not (null or StandardInput);

    private AudioFormat Format(ParseResult parsed)
    {
        var format = new AudioFormat
        {
            Encoding = parsed.GetValue(_encoding) is { } name ? SampleFormats.ByName[name] : AudioEncoding.PcmS16Le,
            SampleRateHz = parsed.GetValue(_rate) ?? 16000,
            ChannelCount = parsed.GetValue(_channels) ?? 1,
        };
        return format.SampleRateHz is < 4000 or > 192000 ? throw new UsageException("--rate is 4000 to 192000")
            : format.ChannelCount is < 1 or > 64 ? throw new UsageException("--channels is 1 to 64")
            : format;
    }

    private static void Refuse(ParseResult parsed, Option option, bool fits, string of)
    {
        if (!fits && parsed.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name} says something of {of}, which is not what is sent");
        }
    }
}
