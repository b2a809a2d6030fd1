using Google.Protobuf;
using Google.Protobuf.Collections;

namespace WhisperMesh.Whisper.Model.Graph;

/// <summary>
/// Rewrites the decoder of the model folder so that rows of any age and window share a step: its attention nodes, which want all
/// rows' keys and values side by side in one padded tensor, give way to our own (<see cref="AttentionOps"/>), which find each
/// row's where they lie. Everything else, and every weight, stays as it is.
/// </summary>
internal static class DecoderGraph
{
    private const string Attention = "MultiHeadAttention";
    private const int IntegerAttribute = 2;

    /// <summary>Reads the graph file and gives the rewritten graph, and where it looks for the alignment of words.</summary>
    /// <exception cref="InvalidDataException">The graph is not built as models/README.md says.</exception>
    public static RewrittenDecoder Rewrite(string path, int layers)
    {
        using var file = File.OpenRead(path);
        var model = ModelProto.Parser.ParseFrom(file);
        var graph = model.Graph ?? throw new InvalidDataException("it holds no graph");
        var heads = AlignmentHeads(graph, layers);
        for (var layer = 0; layer < layers; layer++)
        {
            ReplaceSelfAttention(graph, layer);
            ReplaceCrossAttention(graph, layer);
        }
        RemoveDeadNodes(graph);
        Keep(graph.Input, "tokens", "positions", "logits_at");
        Keep(graph.Output, "logits");
        graph.ValueInfo.Clear();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = AttentionOps.Domain, Version = 1 });
        return new RewrittenDecoder(model.ToByteArray(), heads);
    }

    private static void ReplaceSelfAttention(GraphProto graph, int layer)
    {
        var node = Find(graph, $"past_k.{layer}");
        // Queries, keys and values come out of one product; the kernel takes them as they stand.
        var split = graph.Node.FirstOrDefault(other => other.Output.Contains(node.Input[0]) && other.OpType == "Split")
            ?? throw Unexpected($"the split before the self-attention of layer {layer}");
        Replace(graph, node, AttentionOps.Self, layer, split.Input[0]);
    }

    private static void ReplaceCrossAttention(GraphProto graph, int layer)
    {
        var node = Find(graph, $"cross_k.{layer}");
        Replace(graph, node, AttentionOps.Cross, layer, node.Input[0]);
    }

    private static NodeProto Find(GraphProto graph, string input) =>
        graph.Node.FirstOrDefault(node => node.OpType == Attention && node.Input.Contains(input))
        ?? throw Unexpected($"the attention that reads '{input}'");

    private static void Replace(GraphProto graph, NodeProto old, string opType, int layer, string input)
    {
        var node = new NodeProto { Name = $"{opType}.{layer}", OpType = opType, Domain = AttentionOps.Domain };
        node.Input.Add(input);
        node.Output.Add(old.Output[0]);
        node.Attribute.Add(new AttributeProto { Name = AttentionOps.LayerAttribute, I = layer, Type = IntegerAttribute });
        graph.Node[graph.Node.IndexOf(old)] = node;
    }

    /// <summary>Nodes whose outputs nobody reads any more: the splits, and what handed out the alignment heads' scores.</summary>
    private static void RemoveDeadNodes(GraphProto graph)
    {
        for (var removed = true; removed;)
        {
            var read = graph.Node.SelectMany(node => node.Input).Append("logits").ToHashSet();
            var dead = graph.Node.Where(node => !node.Output.Any(read.Contains)).ToList();
            dead.ForEach(node => graph.Node.Remove(node));
            removed = dead.Count > 0;
        }
    }

    /// <summary>
    /// The heads behind the output <c>cross_qk</c>, in its order: it joins, layer by layer, a choice of the heads' scores.
    /// </summary>
    private static AlignmentHead[] AlignmentHeads(GraphProto graph, int layers)
    {
        var heads = new List<AlignmentHead>();
        var join = graph.Node.FirstOrDefault(node => node.Output.Contains("cross_qk")) ?? throw Unexpected("'cross_qk'");
        foreach (var part in join.Input)
        {
            var choice = graph.Node.FirstOrDefault(node => node.OpType == "Gather" && node.Output.Contains(part));
            var scores = graph.Node.FirstOrDefault(node => choice is not null && node.Output.Contains(choice.Input[0]));
            var layer = Enumerable.Range(0, layers).FirstOrDefault(i => scores?.Input.Contains($"cross_k.{i}") ?? false, -1);
            var indices = graph.Initializer.FirstOrDefault(tensor => tensor.Name == choice?.Input[1]);
            if (layer < 0 || indices is null)
            {
                throw Unexpected("the choice of alignment heads");
            }
            heads.AddRange(Integers(indices).Select(head => new AlignmentHead(layer, (int)head)));
        }
        return [.. heads];
    }

    private static IEnumerable<long> Integers(TensorProto tensor) => tensor.Int64Data.Count > 0
        ? tensor.Int64Data
        : tensor.RawData.ToByteArray().Chunk(sizeof(long)).Select(bytes => BitConverter.ToInt64(bytes));

    private static void Keep(RepeatedField<ValueInfoProto> values, params string[] names)
    {
        var kept = values.Where(value => names.Contains(value.Name)).ToList();
        if (kept.Count < names.Length)
        {
            throw Unexpected($"all of '{string.Join("', '", names)}'");
        }
        values.Clear();
        values.AddRange(kept);
    }

    private static InvalidDataException Unexpected(string missing) => new($"the graph lacks {missing}");
}

/// <summary>A head of a layer's cross-attention.</summary>
internal readonly record struct AlignmentHead(int Layer, int Head);

/// <summary>A graph for <see cref="Decoder"/>.</summary>
internal sealed record RewrittenDecoder(byte[] Graph, IReadOnlyList<AlignmentHead> AlignmentHeads);
